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
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from trainers.reporting import Report

if TYPE_CHECKING:
    from trainers.data.image_dataset import ImageDataset
    from trainers.engine.measuring import MeasuringRequest
    from trainers.models.latent_model import LatentModel

_SECONDS_BETWEEN_REPORTS = 0.2
_NICENESS = 5


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
    from trainers.engine.measuring import MeasuringRequest
    from trainers.errors import TrainersError
    from trainers.metrics.metric import MetricSettings

    try:
        file = find_checkpoint(Path(checkpoint))
        model = load_model(file, choose_device("auto"))
        dataset = load_split_of(model.data_spec, wish["split"])
        weights = Path(wish["inception_weights"]) if wish["inception_weights"] else None
        settings = MetricSettings.from_values(wish["settings"])
        request = MeasuringRequest(file, (), settings, wish["split"], inception_weights=weights)
    except (TrainersError, OSError) as error:
        for metric in wish["metrics"]:
            _tell(out, event="refused", path=path, metric=metric, reason=str(error))
        return
    _Part(path, model, dataset, request, out).measure(wish["metrics"])


class _Part:
    """The metrics of one run."""

    def __init__(
        self, path: str, model: "LatentModel", dataset: "ImageDataset", request: "MeasuringRequest", out: TextIO
    ) -> None:
        self._path, self._model, self._dataset, self._request, self._out = path, model, dataset, request, out
        self._left: list[str] = []

    def measure(self, metrics: Sequence[str]) -> None:
        """Measure what can be measured; what fails does not keep the others back."""
        from trainers.engine.evaluation import reason_against
        from trainers.errors import TrainersError

        settings, weights = self._request.settings, self._request.inception_weights
        for metric in metrics:
            reason = reason_against(self._model, self._dataset, metric, settings, weights)
            if reason is None:
                self._left.append(metric)
            else:
                self._say("refused", metric, reason=reason)
        while self._left:
            self._say("begun", self._left[0])
            try:
                self._measure_left()
            except (TrainersError, OSError) as error:
                self._say("refused", self._left.pop(0), reason=str(error))

    def _measure_left(self) -> None:
        from trainers.engine.measuring import measure_model

        request = replace(self._request, metrics=tuple(self._left))
        # Those known are told first, and share nothing of the time.
        measured = measure_model(
            self._model,
            self._dataset,
            request,
            self._teller(),
            on_measured=lambda kept: self._take(kept.measurement.name),
        )
        if measured.problem is not None:
            # What could not be kept cannot be read by whoever asked.
            for kept in measured.measurements:
                self._say("refused", kept.measurement.name, reason=measured.problem)

    def _take(self, metric: str) -> None:
        self._left.remove(metric)
        self._say("measured", metric)
        if self._left:
            self._say("begun", self._left[0])

    def _teller(self) -> Report:
        told_at, parts = 0.0, len(self._left)

        def report(share: float, _what: str) -> None:
            nonlocal told_at
            now = time.monotonic()
            if self._left and now - told_at >= _SECONDS_BETWEEN_REPORTS:
                told_at = now
                # The share of all of them, of which some are told already.
                own = share * parts - (parts - len(self._left))
                self._say("progress", self._left[0], share=min(max(own, 0.0), 1.0))

        return report

    def _say(self, event: str, metric: str, **values: object) -> None:
        _tell(self._out, event=event, path=self._path, metric=metric, **values)


def _tell(out: TextIO, **values: object) -> None:
    out.write(json.dumps(values) + "\n")
    out.flush()


def _end_with_the_asker() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
