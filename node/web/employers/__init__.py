"""Local employers: what is sent to them, the page that they answer on, and `/verifier`."""
