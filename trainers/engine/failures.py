"""What went wrong in a run, as a sentence that says what to do."""

from pathlib import Path

import torch

from trainers.atomic_writing import disk_failure
from trainers.engine.devices import is_out_of_memory
from trainers.engine.training_request import TrainingRequest
from trainers.errors import FailureError, TrainersError


def understood(error: Exception, request: TrainingRequest, folder: Path) -> TrainersError | None:
    """The error that says what to do about another one, or None for a mistake in the program.

    folder: of the run, named where a file could not be written.
    """
    if isinstance(error, TrainersError):
        return error
    if is_out_of_memory(error):
        return FailureError(
            f"There is not enough memory on {request.device}: lower batch_size (it is {request.batch_size}) or make "
            "the model smaller, and start a new run."
        )
    if isinstance(error, OSError):
        return disk_failure(folder, error)
    if isinstance(error, torch.AcceleratorError):
        return FailureError(
            f"The device {request.device} failed ({str(error).splitlines()[0]}); resume the run, or train on cpu."
        )
    return None


def mistake(error: Exception) -> str:
    """The sentence for an error that nobody thought of."""
    return f"This is a mistake in the program: {type(error).__name__}: {error}"
