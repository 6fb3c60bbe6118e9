"""Offers: the list, one offer, typing and closing one of the town's own."""
