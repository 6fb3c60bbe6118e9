"""Who fits an offer, and the public page of the rules."""
