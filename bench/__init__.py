"""Figures. Each module is a command that prints a table and writes JSON: `python -m bench.match`.

Machines differ: read the ratios, which are measured in one run, rather than the times.
"""
