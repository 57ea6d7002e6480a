"""What recognises the items of a dataset, where it still has to be trained."""

from dataclasses import dataclass

from explorer.services.network import data_title, prepare_thread
from explorer.services.pace import now_and_then
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.engine.classifier_training import check_trainable, train_classifier
from trainers.errors import UsageError
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True)
class ClassifierJob:
    """Trains the classifier of a model's data, as a function for a job. Raises `TrainersError`.

    name: of the data. fingerprint: of what the model learned from; other data under the same name would not do.
    """

    name: str
    fingerprint: str

    @property
    def title(self) -> str:
        """The name of the data as shown."""
        return data_title(self.name)

    def __call__(self, report: Report, stop_requested: StopRequested) -> str:
        """The name of the data."""
        prepare_thread()
        if load_dataset(self.name, "train").spec.fingerprint != self.fingerprint:
            raise UsageError(
                f"{self.title} on this machine is not what this model learned from, so nothing can be trained to "
                "recognise its samples; open a model of the data that are here."
            )
        train_classifier(self.name, now_and_then(report), stop_requested)
        return self.name


def trainable_classifier(spec: DataSpec) -> ClassifierJob | None:
    """The job that would train the classifier of some data, None where there can be none."""
    try:
        check_trainable(spec)
    except UsageError:
        return None
    return ClassifierJob(spec.name, spec.fingerprint)
