"""« Mon espace »: a person's ways in, and all that the node keeps about them."""
