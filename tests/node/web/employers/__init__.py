"""Pages of sendings, the employer's page, and /verifier."""
