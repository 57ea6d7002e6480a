"""Items in blocks of one size, however they were batched, so that random draws do not depend on the batch size."""

from collections.abc import Iterator

import torch

from trainers.errors import StoppedError, UsageError
from trainers.metrics.items import Items
from trainers.metrics.metric import MetricSettings, Subject
from trainers.reporting import Report, StopRequested

BLOCK_SIZE = 64


def fixed_blocks(
    subject: Subject,
    settings: MetricSettings,
    report: Report,
    stop_requested: StopRequested,
    what: str,
    *,
    binarised: bool = True,
) -> Iterator[Items]:
    """All items of the subject, or the first `settings.limit`, in blocks of 64; only the last may be smaller.

    binarised: as in training, else as the data have them.
    Reports the share done after each block. Raises `StoppedError` when asked to stop, `UsageError` without images.
    """
    total = subject.count if settings.limit is None else min(subject.count, settings.limit)
    if total == 0:
        raise UsageError("There are no images to measure on; choose another split or dataset.")
    done = 0
    for block in _joined(subject.batches(binarised=binarised)):
        if stop_requested():
            raise StoppedError
        items = block[: total - done]
        yield items
        done += len(items)
        report(done / total, what)
        if done == total:
            return


def _joined(batches: Iterator[Items]) -> Iterator[Items]:
    waiting: list[Items] = []
    held = 0
    for batch in batches:
        waiting.append(batch)
        held += len(batch)
        if held >= BLOCK_SIZE:
            joined = Items.joined(waiting)
            whole = held - held % BLOCK_SIZE
            for start in range(0, whole, BLOCK_SIZE):
                yield joined[start : start + BLOCK_SIZE]
            waiting, held = [joined[whole:]], held - whole
    if held:
        yield Items.joined(waiting)


def posterior_draws(subject: Subject, settings: MetricSettings) -> torch.Generator:
    """The source of random draws of one measurement, seeded by the settings, on the subject's device."""
    return torch.Generator(subject.device).manual_seed(settings.seed)
