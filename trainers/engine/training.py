"""Beginning a run, and going on with one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from trainers.atomic_writing import disk_failure
from trainers.engine.commands import CommandQueue
from trainers.engine.devices import is_out_of_memory
from trainers.engine.event_log import EventLog, OnEvent
from trainers.engine.events import Event, Finished
from trainers.engine.fabric import make_fabric
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import EVENTS_FILE, RunFolder, RunRecord
from trainers.engine.run_lock import RunLock
from trainers.engine.training_loop import TrainingLoop, steps_in_all
from trainers.engine.training_request import ResolvedRun, TrainingRequest, resolve_request
from trainers.errors import FailureError, TrainersError, UsageError


def _to_nobody(_event: Event) -> None:
    return


def train(
    request: TrainingRequest, run: Path, *, on_event: OnEvent = _to_nobody, commands: CommandQueue | None = None
) -> Finished:
    """Train a new run in the folder `run`, and give the event it ended with.

    Everything is checked before anything is written. Raises `UsageError` for a request that cannot be right or a
    folder that holds a run, and `FailureError` for a run that broke off, after a `Failed` event that says the same.
    """
    folder = RunFolder(run)
    folder.check_is_new()
    with _fast_arithmetic():
        resolved = resolve_request(request)
        with RunLock(run):
            folder.create(resolved.request, resolved.dataset.spec)
            return _run(resolved, folder, on_event, commands, None)


def resume(
    run: Path,
    *,
    epochs: int | None = None,
    on_event: OnEvent = _to_nobody,
    commands: CommandQueue | None = None,
) -> Finished:
    """Go on with a run from its last saved state; on the CPU as if it had never been interrupted, to the bit.

    epochs: another number of epochs in all, which also lifts a limit of steps.
    Raises like `train`, and `UsageError` where there is nothing left to do or the data are no longer the same.
    """
    folder = RunFolder(run)
    record = folder.record()
    with _fast_arithmetic(), _threads(record.threads), RunLock(run):
        folder.remove_unfinished()
        point = ResumePoint.load(folder.resume_path) if folder.has_resume else None
        request = record.request
        if epochs is not None:
            request = TrainingRequest.from_values({**request.model_dump(), "epochs": epochs, "max_steps": None})
        resolved = resolve_request(request)
        _check_can_go_on(resolved, record, point)
        if request != record.request:
            folder.extend(resolved.request)
        return _run(resolved, folder, on_event, commands, point)


def _run(
    resolved: ResolvedRun,
    folder: RunFolder,
    on_event: OnEvent,
    commands: CommandQueue | None,
    point: ResumePoint | None,
) -> Finished:
    with EventLog(folder.path / EVENTS_FILE, on_event) as log, _failures_told(log, folder, resolved.request):
        fabric = make_fabric(resolved.device, resolved.precision)
        return TrainingLoop(resolved, folder, fabric, log, commands or CommandQueue(), point).run()


def _check_can_go_on(resolved: ResolvedRun, record: RunRecord, point: ResumePoint | None) -> None:
    spec, request = resolved.dataset.spec, resolved.request
    if spec.fingerprint != record.data.fingerprint:
        raise UsageError(f"The data of {spec.name} are no longer those the run began with; start a new run.")
    if point is None:
        return
    batch_size = min(request.batch_size, len(resolved.dataset))
    steps_per_epoch = len(resolved.dataset) // batch_size
    if point.step >= steps_in_all(request, steps_per_epoch):
        done = point.step / steps_per_epoch
        raise UsageError(
            f"The run has already done {done:g} of {request.epochs} epochs; resume it with more than that, for "
            f"example --epochs {int(done) + 5}."
        )


@contextmanager
def _fast_arithmetic() -> Iterator[None]:
    # Numbers too small for a normal float cost a hundred times the time of others, and mean nothing here.
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    # Sums are split among the threads, so their last bits depend on how many there are.
    before = torch.get_num_threads()
    torch.set_num_threads(min(count, os.cpu_count() or count))
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _failures_told(log: EventLog, folder: RunFolder, request: TrainingRequest) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        failure = _understood(error, folder, request)
        log.tell_failure(str(failure or f"This is a mistake in the program: {type(error).__name__}: {error}"))
        if failure is None or failure is error:
            raise
        raise failure from error


def _understood(error: Exception, folder: RunFolder, request: TrainingRequest) -> TrainersError | None:
    if isinstance(error, TrainersError):
        return error
    if is_out_of_memory(error):
        return FailureError(
            f"There is not enough memory on {request.device}: lower batch_size (it is {request.batch_size}) or make "
            "the model smaller, and start a new run."
        )
    if isinstance(error, OSError):
        return disk_failure(folder.path, error)
    if isinstance(error, torch.AcceleratorError):
        return FailureError(
            f"The device {request.device} failed ({str(error).splitlines()[0]}); resume the run, or train on cpu."
        )
    return None
