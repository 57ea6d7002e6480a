"""Measures models one after another for the program that started it, and says how far it is line by line.

Its standard input holds one line, a JSON object with what is wished for; the program ends when that is closed. Each
line of its standard output is a JSON object: what is begun, how far it is, what is measured and kept, and what cannot
be measured and why.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from trainers.reporting import Report

_SECONDS_BETWEEN_REPORTS = 0.2
_NICENESS = 10


def main() -> None:
    """Measure what the first line asks for."""
    out, sys.stdout = sys.stdout, sys.stderr
    wish = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_asker, name="asker", daemon=True).start()
    if hasattr(os, "nice"):
        # Whoever works with the window comes first.
        os.nice(_NICENESS)
    for place, path in enumerate(wish["paths"]):
        _measure(path, str(wish["checkpoints"][place]), wish, out)
    _tell(out, event="done")


def _measure(path: str, checkpoint: str, wish: Mapping[str, Any], out: TextIO) -> None:
    from trainers.data.catalogue import load_split_of
    from trainers.engine.checkpoint import find_checkpoint, load_model
    from trainers.engine.devices import choose_device
    from trainers.engine.measuring import MeasuringRequest, measure_model
    from trainers.errors import FailureError, TrainersError
    from trainers.metrics.metric import MetricSettings

    metrics, split = wish["metrics"], wish["split"]
    try:
        file = find_checkpoint(Path(checkpoint))
        model = load_model(file, choose_device("auto"))
        dataset = load_split_of(model.data_spec, split)
        request = MeasuringRequest(file, (), MetricSettings.from_values(wish["settings"]), split)
    except (TrainersError, OSError) as error:
        for metric in metrics:
            _tell(out, event="refused", path=path, metric=metric, reason=str(error))
        return
    for metric in metrics:
        _tell(out, event="begun", path=path, metric=metric)
        try:
            asked = replace(request, metrics=(metric,))
            measured = measure_model(model, dataset, asked, _teller(out, path, metric))
            if measured.problem is not None:
                raise FailureError(measured.problem)
        except (TrainersError, OSError) as error:
            _tell(out, event="refused", path=path, metric=metric, reason=str(error))
        else:
            _tell(out, event="measured", path=path, metric=metric)


def _teller(out: TextIO, path: str, metric: str) -> Report:
    told_at = 0.0

    def report(share: float, _what: str) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= _SECONDS_BETWEEN_REPORTS:
            told_at = now
            _tell(out, event="progress", path=path, metric=metric, share=share)

    return report


def _tell(out: TextIO, **values: object) -> None:
    out.write(json.dumps(values) + "\n")
    out.flush()


def _end_with_the_asker() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
