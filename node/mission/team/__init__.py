"""What the team has before it: « Aujourd'hui »."""
