"""The node's own journal, what peers told, the directory, requests seen, ends that were told."""
