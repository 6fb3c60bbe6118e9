"""What a person agreed to: recorded, taken back; a person erased, on demand or after long silence."""
