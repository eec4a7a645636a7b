"""Asking a malware scanner about bytes; knows its protocol and nothing of the site."""

from documents.scanner.clamd import Address, ScannerError, Verdict, ask, read_address

__all__ = ["Address", "ScannerError", "Verdict", "ask", "read_address"]
