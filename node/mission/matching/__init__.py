"""Who fits which offer, how well, and why."""
