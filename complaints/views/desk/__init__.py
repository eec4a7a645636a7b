"""Pages on which staff do something with a case: one page, one service."""
