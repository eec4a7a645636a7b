"""Addresses of the complaints app, a file for each part of the site."""
