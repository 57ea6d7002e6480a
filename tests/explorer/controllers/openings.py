"""What tests of opening share: an open model, its items, and how an opening ends."""

from typing import TYPE_CHECKING

import numpy as np

from explorer.services.data_items import DataItems
from explorer.services.opening import FoundItems, ItemsJob, LoadedModel, OpeningJob
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import JobsStandIn

SPEC = DataSpec(name="digits", shape=(1, 8, 8))
ITEMS = DataItems(np.zeros((40, 1, 8, 8), dtype=np.uint8), None, SPEC)


class Header:
    data = SPEC


class Network:
    """An open model of which only the header is looked at."""

    header = Header()


class Finish:
    """Lets the newest opening end, well or badly."""

    def __init__(self, jobs: "JobsStandIn", opened: "Open") -> None:
        self._jobs = jobs
        self._opened = opened

    def __call__(self, size: int = 2, job: OpeningJob | None = None, error: str = "") -> None:
        job = job or self._jobs.functions(OpeningJob)[-1]
        facts = self._opened(size, job.generation).facts
        loaded = LoadedModel(job.path, Network(), facts, None)  # type: ignore[arg-type]
        self._jobs.end(job, None if error else loaded, error)

    def items(self, problem: str = "") -> None:
        job = self._jobs.functions(ItemsJob)[-1]
        self._jobs.end(job, FoundItems(SPEC, None if problem else ITEMS, problem))
