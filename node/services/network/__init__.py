"""The node in its network: founded, joined, synced, its keys and ends, how it does."""
