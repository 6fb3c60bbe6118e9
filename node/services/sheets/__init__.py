"""Group sheets released, and searched over all nodes."""
