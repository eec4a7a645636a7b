"""Pages of the liability app: one page, one service."""
