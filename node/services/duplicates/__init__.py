"""Duplicates shown, merged, and taken apart again."""
