"""Would the tests notice? A seeded sample of small mistakes, and for each the tests that run its line.

    python -m tests.mutation [--sample 400] [--seed 6] [--json FILE] [--record] [--only TEXT]

What is mutated and by which tests it may be noticed: scope.py. mutmut makes the mistakes (mutants.py); the tests are
run once as they are, which tells which of them run which line (baseline.py); each mutant is then one forked process
that sees the changed module in memory (trial.py): no file of the work tree is touched, and a run that is interrupted
leaves nothing behind. Survivors that are no gap have their reason in survivors.toml; report.py tells it all.
"""
