"""Reads of the complaints app.

The case page asks every app for `next_action` and `case_panel`.
"""
