"""Accounts, coming in and going out."""
