"""Pages of the reviews app: one page, one service."""
