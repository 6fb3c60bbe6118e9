"""CV workshops on demand, for two or three people at a time."""
