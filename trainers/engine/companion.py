"""A process that takes part in a run of the process that started it: `python -m trainers.engine.companion`."""

import os
import signal
import sys
import threading

from trainers.engine.meeting import meeting_at
from trainers.engine.taking_part import take_part
from trainers.errors import TrainersError
from trainers.processes import end_process


def main() -> None:
    """Take part in one run; the arguments are the file where to meet, the process's number, and how many there are."""
    place, process, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    threading.Thread(target=_end_with_the_first, name="first process", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        # The first process decides what they mean, and a run that is to stop needs all until it is saved.
        signal.signal(number, signal.SIG_IGN)
    try:
        take_part(meeting_at(place, process, processes), process)
    except TrainersError as error:
        # The first process says it.
        end_process(error.exit_code)
    end_process(0)


def _end_with_the_first() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
