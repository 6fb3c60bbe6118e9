"""Signing in with an OpenID Connect provider: what it says, proven. The accounts are services/accounts/sign_on.py's
subject.

Reading order: troubles.py (what may go wrong, and how it is said), tokens.py (bytes to proven claims, no I/O),
provider.py (the exchanges with it).
"""
