"""Tags and filters that every page may use: icons, charts, and how values are written."""
