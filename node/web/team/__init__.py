"""/aujourdhui, /equipe: what waits, figures, and people handed over."""
