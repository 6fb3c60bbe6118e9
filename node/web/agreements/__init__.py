"""/candidats/{id}/accords: what a person agreed to, withdrawn in two clicks."""
