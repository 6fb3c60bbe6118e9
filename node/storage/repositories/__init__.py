"""One module a port. Repositories take and return values of `federation.ports` and `node.mission`, never rows."""
