"""Runs the window: `python -m explorer [checkpoint | run folder]`."""

import sys

from explorer.app import main

if __name__ == "__main__":
    sys.exit(main())
