"""Dashboards and indicators; reads every app."""
