"""Make Django ready, then run: models can be imported only afterwards."""

from __future__ import annotations

import logging
import sys
from importlib import import_module

import django


def main() -> int:
    """Run the faults in this process."""
    django.setup()
    logging.disable(logging.ERROR)  # what is done on purpose need not be told
    return int(import_module("tests.faults.running").main())


if __name__ == "__main__":
    sys.exit(main())
