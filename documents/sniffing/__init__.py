"""Telling what a file really is, from its bytes; names and declared types are only claims."""

from documents.sniffing.identify import identify

__all__ = ["identify"]
