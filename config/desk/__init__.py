"""What the desk's pages are composed of, from every app's selectors."""
