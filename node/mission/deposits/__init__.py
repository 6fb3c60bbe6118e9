"""How a CV comes in: posters, deposits and the documents with them."""
