"""/ateliers: CV workshops."""
