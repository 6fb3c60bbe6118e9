"""Files of candidates and offers into the register."""
