"""Sendings to local employers: codes, and what stands."""
