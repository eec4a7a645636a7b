"""Pages of the desk that show whole cases: queue, case, search, notices."""
