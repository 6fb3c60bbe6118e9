"""CVs handed in, read, and settled by a counsellor."""
