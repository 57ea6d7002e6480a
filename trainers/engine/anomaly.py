"""How unusual a model finds the items of a split, one by one."""

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import evaluating
from trainers.engine.model_subject import ModelSubject
from trainers.metrics.anomaly import AnomalyAuroc, AnomalyScores, anomaly_scores
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report


def scores_of_items(
    model: LatentModel,
    dataset: ImageDataset,
    settings: MetricSettings | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> AnomalyScores:
    """The scores that `anomaly_auroc` goes by, of all items in the order of the split.

    Raises `UsageError` where no class was held out and the settings name none, or for data that do not fit, and
    `StoppedError` when asked to stop.
    """
    settings = settings or MetricSettings()
    subject = ModelSubject(model, dataset, settings.batch_size)
    AnomalyAuroc.check(subject, settings)
    with evaluating(model):
        return anomaly_scores(subject, settings, report, stop_requested, AnomalyAuroc.name)
