"""Measurements: ours against the bare limits of the same server, database and machine, in one run.

Only ratios are worth quoting. `make bench` runs them; see benchmarks/README.md.
"""
