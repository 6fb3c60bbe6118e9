"""Duplicates made one and taken apart again."""
