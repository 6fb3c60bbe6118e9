"""Orders to erase what was disclosed, attestations, and what can be shown of both."""
