"""Tests: `make test`, or `python -m pytest tests/<app>` for a part."""
