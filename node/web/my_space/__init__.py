"""« Mon espace »: what a candidate sees of their own file."""
