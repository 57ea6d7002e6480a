"""Runs the window: `python -m explorer [checkpoint | run folder]`."""

import sys

from explorer.program import main

if __name__ == "__main__":
    sys.exit(main())
