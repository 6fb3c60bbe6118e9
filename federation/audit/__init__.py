"""Every journal again, and both sides of every exchange."""
