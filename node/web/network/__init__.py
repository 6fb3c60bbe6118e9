"""The front door, how the node does, and what ends."""
