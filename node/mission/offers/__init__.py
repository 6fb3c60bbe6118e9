"""Offers: the town's own, and those that peers published."""
