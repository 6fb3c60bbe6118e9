"""What waits for the team, its figures, and people handed over."""
