"""What the launcher says when it cannot go on."""


class LaunchError(Exception):
    """A message for the person at the keyboard: what is wrong and what to type."""
