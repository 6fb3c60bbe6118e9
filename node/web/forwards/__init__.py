"""/candidats/{id}/offres: offers that fit a person, and being put forward."""
