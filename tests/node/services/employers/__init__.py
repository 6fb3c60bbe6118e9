"""Sendings to local employers: prepared, answered by their link, asked back, replied to, verified."""
