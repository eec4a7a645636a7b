"""Writing: storing files, making safe copies, requesting and rendering documents."""
