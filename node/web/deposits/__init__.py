"""« Déposer mon CV », the posters, and /depots, where a counsellor treats what came."""
