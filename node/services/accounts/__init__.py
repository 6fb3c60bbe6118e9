"""Accounts, links and sessions: who comes in, and how."""
