"""Rendering, storing and verifying documents. Knows no Case."""
