"""A person's file: opened, shown, amended, signed as ready, printed."""
