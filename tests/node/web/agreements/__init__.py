"""Agreements on pages."""
