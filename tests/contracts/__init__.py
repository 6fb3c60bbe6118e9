"""One suite a port: whatever implements `federation.ports` and `node.mission.ports` passes it, on each database."""
