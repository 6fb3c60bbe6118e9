"""Forwards drafted, sent and answered; what was disclosed with them."""
