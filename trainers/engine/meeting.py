"""Where the processes of a run find each other, agree on what is to be done, and say why they had to give up."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import distributed
from torch.distributed.rendezvous import rendezvous

from trainers.engine.companions import Companions, without_network
from trainers.engine.process_group import ALONE, ProcessGroup, join, leave
from trainers.engine.training_request import ResolvedRun, TrainingRequest
from trainers.errors import UsageError
from trainers.processes import ProcessLostError, is_launched

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_READY = "ready"
_LOOK_AGAIN_S = 0.02
# The connections of a process break a moment before anybody can tell how it ended.
_PATIENCE_FOR_NEWS_S = 3.0
_PATIENCE_WITH_FINISHED_S = 10.0
_PATIENCE_WITH_LOST_S = 1.0
_runs_of_this_launch = count()


@dataclass(frozen=True)
class Proposal:
    """What the first process wants done.

    request: with nothing left open. fingerprint: of the data, which must be the same everywhere.
    threads: of each process.
    """

    request: TrainingRequest
    fingerprint: str
    threads: int

    def to_json(self) -> str:
        """The proposal as text."""
        values = {"fingerprint": self.fingerprint, "threads": self.threads}
        return json.dumps({**values, "request": self.request.model_dump(mode="json")})

    @classmethod
    def from_json(cls, text: str) -> "Proposal":
        """The proposal that a text holds."""
        values = json.loads(text)
        return cls(TrainingRequest.from_values(values["request"]), values["fingerprint"], values["threads"])


class Meeting:
    """One process of a run among the others.

    store: of short texts, which all of them see. process: number of this one, of `processes`.
    companions: those that this one started, if it did.
    """

    def __init__(self, store: "Store", process: int, processes: int, companions: Companions | None = None) -> None:
        self._store = store
        self._process = process
        self._processes = processes
        self._companions = companions

    def propose(self, proposal: Proposal) -> None:
        """Say what is to be done and wait until all are ready; raises `UsageError` with what one has against it."""
        self._store.set("proposal", proposal.to_json())
        answers = [self._heard(f"answer {process}") for process in range(1, self._processes)]
        outcome = next((answer for answer in answers if answer != _READY), _READY)
        self._store.set("outcome", outcome)
        if outcome != _READY:
            raise UsageError(outcome)

    def proposal(self) -> Proposal:
        """What the first process wants done; waits for it."""
        return Proposal.from_json(self._heard("proposal"))

    def answer(self, refusal: str | None) -> None:
        """Say what is against it, if anything, and wait for the others; raises `UsageError` if one cannot take part."""
        self._store.set(f"answer {self._process}", refusal or _READY)
        outcome = self._heard("outcome")
        if outcome != _READY:
            raise UsageError(outcome)

    @contextmanager
    def joined(self, device: torch.device) -> Iterator[ProcessGroup]:
        """The group of all processes, connected inside the block; enters when all of them have come."""
        with nullcontext() if is_launched() else without_network():
            join(self._process, self._processes, self._store, device)
        if self._companions is not None and device.type == "cuda":
            self._companions.watch_over_gpus()
        try:
            yield ProcessGroup(self._process, self._processes, self._news)
        finally:
            leave()

    def tell_failure(self, sentence: str) -> None:
        """Say why this process gives up."""
        self._store.set("failure", sentence)

    def _news(self) -> str:
        deadline = time.monotonic() + _PATIENCE_FOR_NEWS_S
        while time.monotonic() < deadline:
            # Whoever keeps the texts may be gone as well.
            with suppress(RuntimeError):
                if self._store.check(["failure"]):
                    return str(self._store.get("failure"), "utf-8")
            lost = self._sentence_of_loss()
            if lost is not None:
                return lost
            time.sleep(_LOOK_AGAIN_S)
        return str(ProcessLostError())

    def _heard(self, key: str) -> str:
        while not self._store.check([key]):
            lost = self._sentence_of_loss()
            if lost is not None:
                raise ProcessLostError(lost)
            time.sleep(_LOOK_AGAIN_S)
        return str(self._store.get(key), "utf-8")

    def _sentence_of_loss(self) -> str | None:
        return None if self._companions is None else self._companions.sentence_of_loss()


@contextmanager
def joined_by_others(resolved: ResolvedRun) -> Iterator[ProcessGroup]:
    """The processes that a run asks for, from the first one, which this is; they are there inside the block.

    The others are started here, unless torchrun did. Raises `UsageError` where one of them cannot take part.
    """
    request = resolved.request
    if request.processes == 1:
        yield ALONE
        return
    if not distributed.is_available():
        raise UsageError("This build of PyTorch cannot join processes; choose devices = 1.")
    proposal = Proposal(request, resolved.dataset.spec.fingerprint, torch.get_num_threads())
    with nullcontext(launched_meeting()) if is_launched() else _meeting_with_companions(proposal) as meeting:
        meeting.propose(proposal)
        with meeting.joined(resolved.device) as group:
            yield group


def launched_meeting() -> Meeting:
    """The meeting of the processes that torchrun started, for their next run."""
    store, process, processes = next(rendezvous("env://"))
    own_store = distributed.PrefixStore(f"run {next(_runs_of_this_launch)}", store)  # type: ignore[attr-defined]
    return Meeting(own_store, process, processes)


def meeting_at(place: str, process: int, processes: int, companions: Companions | None = None) -> Meeting:
    """The meeting of processes of this machine in a file."""
    # A file needs no port that another program may take, and nobody on a network can reach it.
    store = distributed.FileStore(place, processes)  # type: ignore[attr-defined]  # exported without a declaration
    return Meeting(store, process, processes, companions)


def as_launched(request: TrainingRequest) -> TrainingRequest:
    """The request for the processes there are; raises `UsageError` if torchrun did not start what it asks for."""
    asked = request.devices, request.nodes
    if not is_launched():
        if request.nodes == 1:
            return request
        raise UsageError(
            f"To train on {request.nodes} machines start the same command without --nodes and --devices on each of "
            f"them by: torchrun --nnodes {request.nodes} --node-rank 0 (on the others 1, 2, …) --nproc-per-node "
            f"{request.devices} --master-addr FIRST_MACHINE -m -- trainers train and the rest of it."
        )
    started = int(os.environ["LOCAL_WORLD_SIZE"]), int(os.environ["GROUP_WORLD_SIZE"])
    if asked not in ((1, 1), started):
        raise UsageError(
            f"torchrun started {started[0]} processes on each of {started[1]} machines, and devices = {asked[0]}, "
            f"nodes = {asked[1]} ask for others; leave both out."
        )
    return request.model_copy(update={"devices": started[0], "nodes": started[1]})


@contextmanager
def _meeting_with_companions(proposal: Proposal) -> Iterator[Meeting]:
    with tempfile.TemporaryDirectory(prefix="latent-explorer-", ignore_cleanup_errors=True) as folder:
        place, processes = str(Path(folder, "store")), proposal.request.processes
        companions = Companions(place, processes, proposal.threads)
        patience_s = _PATIENCE_WITH_LOST_S
        try:
            yield meeting_at(place, 0, processes, companions)
            patience_s = _PATIENCE_WITH_FINISHED_S
        finally:
            companions.end(patience_s)
