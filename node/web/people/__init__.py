"""/candidats: the register, and the parts of a person's file."""
