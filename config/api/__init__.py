"""The API as a whole: the steps of every app behind one address, the schema and its page."""
