"""Out: our journal signed and served, what peers may ask of us, and how often."""
