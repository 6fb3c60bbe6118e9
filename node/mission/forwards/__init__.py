"""A candidate put forward for an offer elsewhere: the value, its moves, what a draft lacks."""
