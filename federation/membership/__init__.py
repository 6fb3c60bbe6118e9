"""Who is in the network: in force, fetched, published, changed, renewed."""
