"""What recognises the items of a dataset, where it still has to be trained."""

import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explorer.services.pace import now_and_then
from explorer.services.tensors import prepare_thread
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec, data_title
from trainers.engine.classifier_training import check_trainable, train_classifier
from trainers.errors import FailureError, StoppedError, TrainersError, UsageError
from trainers.reporting import Report, StopRequested

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_LOOK_EVERY_S = 0.05
_END_S = 2.0
_BROKEN_OFF = "The classifier's training broke off before it was done; train it again."


@dataclass(frozen=True)
class ClassifierJob:
    """Trains the classifier of a model's data in a process of its own, as a function for a job.

    In a thread the libraries that training loads would keep the window waiting for a second.

    name: of the data. fingerprint: of what the model learned from; other data under the same name would not do.
    Raises `FailureError` with the sentence of whatever went wrong, and `StoppedError` when asked to stop.
    """

    name: str
    fingerprint: str

    @property
    def title(self) -> str:
        """The name of the data as shown."""
        return data_title(self.name)

    def __call__(self, report: Report, stop_requested: StopRequested) -> str:
        """The name of the data."""
        fresh = multiprocessing.get_context("spawn")
        here, there = fresh.Pipe(duplex=False)
        child = fresh.Process(target=train_and_tell, args=(self, there), daemon=True)
        child.start()
        there.close()
        try:
            _follow(here, report, stop_requested)
        finally:
            # What it keeps it writes whole or not at all, so it may be ended at any moment.
            child.terminate()
            child.join(_END_S)
            here.close()
        return self.name


def trainable_classifier(spec: DataSpec) -> ClassifierJob | None:
    """The job that would train the classifier of some data, None where there can be none."""
    try:
        check_trainable(spec)
    except UsageError:
        return None
    return ClassifierJob(spec.name, spec.fingerprint)


def train_and_tell(job: ClassifierJob, there: "Connection[object, object]") -> None:
    """Train, and send how far it is as (share, what), then None, or the sentence saying why it failed."""
    prepare_thread()
    try:
        if load_dataset(job.name, "train").spec.fingerprint != job.fingerprint:
            raise UsageError(
                f"{job.title} on this machine is not what this model learned from, so nothing can be trained to "
                "recognise its samples; open a model of the data that are here."
            )
        train_classifier(job.name, now_and_then(lambda share, what: there.send((share, what))))
    except TrainersError as error:
        there.send(str(error))
    else:
        there.send(None)


def _follow(here: "Connection[object, object]", report: Report, stop_requested: StopRequested) -> None:
    while not stop_requested():
        if not here.poll(_LOOK_EVERY_S):
            continue
        try:
            told = here.recv()
        except EOFError:
            raise FailureError(_BROKEN_OFF) from None
        if told is None:
            return
        if not isinstance(told, tuple):
            raise FailureError(str(told))
        report(*told)
    raise StoppedError
