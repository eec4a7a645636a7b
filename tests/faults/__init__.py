"""The clocks under fire: processes killed, PostgreSQL and Valkey stopped, and what came of it.

`python -m tests.faults` (or `make faults`) runs every fault on a private pair of instances of its
own and prints a table of figures; `--quick` is what `make test` runs. Outcomes decide, never times.
"""
