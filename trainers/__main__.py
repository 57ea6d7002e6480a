"""Runs the command line: `python -m trainers list | train | evaluate | sample | encode | export | data`."""

from trainers.cli.application import main

if __name__ == "__main__":
    main()
