"""/candidats/{id}/dossier: what a person agreed to, withdrawn in two clicks."""
