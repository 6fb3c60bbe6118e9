"""In: when to visit a peer, what its page proves, what becomes of it here."""
