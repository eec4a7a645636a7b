"""What the tracking page says: where the case is, whose turn it is, what happened and when."""
