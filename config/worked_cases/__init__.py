"""Worked cases: facts in, results out, each kind through the module that does it in the product."""
