"""Group sheets: what peers may see of candidates, and the rules of a release."""
