"""Pages of the compensation app: one page, one service."""
