"""Investigation, findings and shares of liability."""
