"""What a person agreed to."""
