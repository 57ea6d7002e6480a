"""What every process of a run but the first one does: the same steps, without a folder and without a word."""

import os
import platform
from dataclasses import replace
from pathlib import Path

from trainers.engine.commands import CommandQueue
from trainers.engine.devices import device_of_process, fast_arithmetic, threads
from trainers.engine.events import Finished
from trainers.engine.fabric import make_fabric
from trainers.engine.failures import mistake, understood
from trainers.engine.meeting import Meeting, Proposal, launched_meeting
from trainers.engine.process_group import ProcessGroup
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_output import NoOutput
from trainers.engine.training_loop import TrainingLoop
from trainers.engine.training_request import ResolvedRun, resolve_request
from trainers.errors import TrainersError, UsageError
from trainers.processes import ProcessLostError


def take_part_as_launched() -> Finished:
    """Take part in the next run of the processes that torchrun started; raises like `take_part`."""
    return take_part(launched_meeting(), int(os.environ["LOCAL_RANK"]))


def take_part(meeting: Meeting, local_number: int) -> Finished:
    """Take part in the run that the first process proposes, whatever this one was told.

    local_number: of this process on its machine, which decides the device it takes.
    Raises an error that the first process knows of, and speaks of.
    """
    proposal = meeting.proposal()
    with fast_arithmetic(), threads(proposal.threads):
        resolved = _ready(meeting, proposal, local_number)
        with meeting.joined(resolved.device) as group:
            try:
                return _run(resolved, group)
            except ProcessLostError:
                raise
            except Exception as error:
                failure = understood(error, resolved.request, Path(resolved.request.data))
                meeting.tell_failure(str(failure or mistake(error)))
                if failure is None or failure is error:
                    raise
                raise failure from error


def _ready(meeting: Meeting, proposal: Proposal, local_number: int) -> ResolvedRun:
    try:
        resolved = resolve_request(proposal.request)
        _check_data(resolved, proposal)
    except Exception as error:
        sentence = str(error) if isinstance(error, TrainersError) else mistake(error)
        meeting.answer(f"On the machine {platform.node()}: {sentence}")
        raise
    meeting.answer(None)
    return replace(resolved, device=device_of_process(resolved.device, local_number))


def _check_data(resolved: ResolvedRun, proposal: Proposal) -> None:
    if resolved.dataset.spec.fingerprint != proposal.fingerprint:
        raise UsageError(
            f"the data {proposal.request.data} are not those of the first machine; give every machine the same data."
        )


def _run(resolved: ResolvedRun, group: ProcessGroup) -> Finished:
    content = group.bytes_of_first(None)
    point = ResumePoint.from_bytes(content) if content else None
    fabric = make_fabric(resolved.device, resolved.precision)
    return TrainingLoop(resolved, NoOutput(), fabric, CommandQueue(), point, group).run()
