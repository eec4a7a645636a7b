"""The API's door to this app: the same services and access rules as the pages, in JSON."""
