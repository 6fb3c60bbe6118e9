"""The wire format of the network: bytes in, values out; no I/O, no clock, no randomness. Start with SPEC.md."""
