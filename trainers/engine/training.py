"""Beginning a run, and going on with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainers.engine.commands import CommandQueue
from trainers.engine.devices import fast_arithmetic, threads, threads_of_each
from trainers.engine.event_log import EventLog, OnEvent
from trainers.engine.events import Event, Finished
from trainers.engine.fabric import make_fabric
from trainers.engine.failures import mistake, understood
from trainers.engine.meeting import as_launched, joined_by_others
from trainers.engine.process_group import ProcessGroup
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import EVENTS_FILE, RunFolder, RunRecord
from trainers.engine.run_lock import RunLock
from trainers.engine.run_output import RunOutput
from trainers.engine.taking_part import take_part_as_launched
from trainers.engine.training_loop import TrainingLoop, steps_in_all
from trainers.engine.training_request import ResolvedRun, TrainingRequest, resolve_request
from trainers.errors import FailureError, UsageError
from trainers.processes import ProcessLostError, is_launched, launched_process


def _to_nobody(_event: Event) -> None:
    return


def train(
    request: TrainingRequest, run: Path, *, on_event: OnEvent = _to_nobody, commands: CommandQueue | None = None
) -> Finished:
    """Train a new run in the folder `run`, and give the event it ended with.

    Everything is checked before anything is written. Raises `UsageError` for a request that cannot be right or a
    folder that holds a run, and `FailureError` for a run that broke off, after a `Failed` event that says the same.
    Of the processes that torchrun started, all but the first only take part in what the first one does.
    """
    if launched_process() > 0:
        return take_part_as_launched()
    folder = RunFolder(run)
    folder.check_is_new()
    request = as_launched(request)
    with fast_arithmetic(), threads(threads_of_each(request.devices)):
        resolved = resolve_request(request)
        with joined_by_others(resolved) as group, RunLock(run):
            folder.create(resolved.request, resolved.dataset.spec)
            return _run(resolved, folder, on_event, commands, None, group)


def resume(
    run: Path,
    *,
    epochs: int | None = None,
    devices: int | None = None,
    nodes: int | None = None,
    on_event: OnEvent = _to_nobody,
    commands: CommandQueue | None = None,
) -> Finished:
    """Go on with a run from its last saved state; on the CPU as if it had never been interrupted, to the bit.

    epochs: another number of epochs in all, which also lifts a limit of steps.
    devices, nodes: another number of processes; on other machines than before, as many as torchrun started.
    Raises like `train`, and `UsageError` where there is nothing left to do or the data are no longer the same.
    """
    if launched_process() > 0:
        return take_part_as_launched()
    folder = RunFolder(run)
    record = folder.record()
    request = _changed(record.request, epochs, devices, nodes)
    count = record.threads if request.devices == record.request.devices else threads_of_each(request.devices)
    with fast_arithmetic(), threads(count), RunLock(run):
        folder.remove_unfinished()
        point = ResumePoint.load(folder.resume_path) if folder.has_resume else None
        resolved = resolve_request(request)
        _check_can_go_on(resolved, record, point)
        with joined_by_others(resolved) as group:
            if request != record.request:
                folder.extend(resolved.request, count)
            return _run(resolved, folder, on_event, commands, point, group)


def _changed(request: TrainingRequest, epochs: int | None, devices: int | None, nodes: int | None) -> TrainingRequest:
    changes: dict[str, int | None] = {}
    if epochs is not None:
        changes |= {"epochs": epochs, "max_steps": None}
    if devices is not None:
        changes |= {"devices": devices, "nodes": 1}
    if nodes is not None:
        changes |= {"nodes": nodes}
    if is_launched() and devices is None and nodes is None:
        changes |= {"devices": 1, "nodes": 1}
    return as_launched(TrainingRequest.from_values({**request.model_dump(), **changes}) if changes else request)


def _run(
    resolved: ResolvedRun,
    folder: RunFolder,
    on_event: OnEvent,
    commands: CommandQueue | None,
    point: ResumePoint | None,
    group: ProcessGroup,
) -> Finished:
    with EventLog(folder.path / EVENTS_FILE, on_event) as log, _failures_told(log, folder, resolved.request, group):
        group.bytes_of_first(point.to_bytes() if point is not None else b"")
        fabric = make_fabric(resolved.device, resolved.precision)
        output = RunOutput(folder, log, resolved.request)
        return TrainingLoop(resolved, output, fabric, commands or CommandQueue(), point, group).run()


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
            f"The run has already done {round(done, 2):g} of {request.epochs} epochs; resume it with more, for "
            f"example --epochs {int(done) + 5}."
        )


@contextmanager
def _failures_told(log: EventLog, folder: RunFolder, request: TrainingRequest, group: ProcessGroup) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        lost = isinstance(error, ProcessLostError)
        failure = FailureError(group.why_lost()) if lost else understood(error, request, folder.path)
        log.tell_failure(str(failure or mistake(error)))
        if failure is None or failure is error:
            raise
        raise failure from error
