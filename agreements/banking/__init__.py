"""What goes to a bank and comes back from it: orders, files, statements, matching. Pure."""
