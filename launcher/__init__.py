"""Starts and stops what Redress runs on: private PostgreSQL and Valkey, web, worker and beat.

Imports neither Django nor any app: it must work before settings can be loaded.
"""
