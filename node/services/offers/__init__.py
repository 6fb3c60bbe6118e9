"""Offers looked up and corrected."""
