"""Workshops planned, people invited and told, attendance recorded."""
