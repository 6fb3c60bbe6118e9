"""Forwards of both sides, and the ledger of what was disclosed."""
