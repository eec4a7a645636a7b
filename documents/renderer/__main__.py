"""Starts the warm renderer; its standard input and output carry frames."""

import sys

from documents.renderer.server import serve

if __name__ == "__main__":
    sys.exit(serve(isolate="--share-network" not in sys.argv))
