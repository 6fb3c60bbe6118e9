"""Local employers without an account: what was sent to them, and how they answer."""
