"""What the node remembers of its life in the network."""
