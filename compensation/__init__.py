"""Plans, options, offers and approvals."""
