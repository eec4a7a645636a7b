"""Pages of agreements: one page, one service."""
