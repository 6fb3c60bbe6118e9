"""Who works on this node, and what each role may do."""
