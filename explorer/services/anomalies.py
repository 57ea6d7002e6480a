"""How unusual a model finds the test items, as a job, and what that says of a class."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.item_pictures import ImagePictures
from explorer.services.tensors import curve_of, prepare_thread
from explorer.state.anomaly_values import AnomalyFacts
from explorer.state.reconstruction_choices import AnomalyChoice
from trainers.data.catalogue import load_split_of
from trainers.engine.anomaly import scores_of_items
from trainers.engine.checkpoint import load_model, read_header
from trainers.engine.devices import choose_device
from trainers.errors import UsageError
from trainers.metrics.metric import MetricSettings
from trainers.registry import unknown_name
from trainers.reporting import Report, StopRequested

_BINS = 60
_MOST_POINTS = 500
_HIGHEST = 48
# So many in a hundred scores at each end share the last bin, as a few far ones would squeeze all the others.
_BEYOND = 0.5
_UNITS = {"reconstruction error": "squared error"}


@dataclass(frozen=True, eq=False)
class ScoredItems:
    """Scores (count,) of the test items, higher for what is less usual, and the items they are of.

    what: a score is. held_out: the class kept out of training, empty for none.
    """

    job: "AnomalyJob"
    scores: NDArray[np.float64]
    items: DataItems
    what: str
    held_out: str


@dataclass(frozen=True)
class AnomalyJob:
    """Scores all test items with a model of its own, as a function for a job.

    checkpoint: file of the model. score: "auto", "likelihood" or "error". Raises `TrainersError`.
    """

    checkpoint: str
    score: str = "auto"

    def __call__(self, report: Report, stop_requested: StopRequested) -> ScoredItems:
        """The scores."""
        prepare_thread()
        report(0.0, "reading the test items")
        checkpoint = Path(self.checkpoint)
        header = read_header(checkpoint)
        dataset = load_split_of(header.data, "test")
        names = dataset.spec.class_names
        if not names or dataset.labels is None:
            raise UsageError("Anomalies are told by the classes of the items, and these have none.")
        held_out = next(iter(header.data.held_out_classes), "")
        # Any class will do to be scored, as the scores know nothing of classes.
        settings = MetricSettings.from_values({"anomaly_score": self.score, "anomalous_class": held_out or names[0]})
        model = load_model(checkpoint, choose_device("auto"))
        found = scores_of_items(model, dataset, settings, report, stop_requested)
        items = load_data_items(header.data, report).part(slice(len(found.scores)))
        return ScoredItems(self, found.scores.numpy(), items, found.what, held_out)


def score_refusal(score: str, capabilities: frozenset[str]) -> str:
    """Why items cannot be scored so, as a sentence; empty where they can."""
    if score == "likelihood" and not capabilities & {"likelihood", "exact_likelihood"}:
        return "This model has no likelihood; let its errors be the scores."
    return ""


def is_quick(score: str, capabilities: frozenset[str]) -> bool:
    """Whether all items are scored in seconds rather than minutes."""
    has_likelihood = "exact_likelihood" in capabilities and score != "error"
    return has_likelihood or ("encoder" in capabilities and "sequential" not in capabilities)


def chosen_class(choice: AnomalyChoice, scored: ScoredItems) -> str:
    """The class that counts as anomalous: the one chosen, known or not, else the one held out, else the first."""
    return choice.class_name or scored.held_out or scored.items.spec.class_names[0]


def seen_anomalies(scored: ScoredItems, class_name: str) -> AnomalyFacts | str:
    """What the scores say of a class, or the sentence saying why nothing."""
    try:
        return anomaly_facts(scored, class_name)
    except UsageError as error:
        return str(error)


def anomaly_facts(scored: ScoredItems, class_name: str) -> AnomalyFacts:
    """What the scores say of a class; raises `UsageError` for an unknown one, or without items of it or others."""
    names, labels = scored.items.spec.class_names, scored.items.labels
    if class_name not in names:
        raise UsageError(unknown_name("class", class_name, names))
    anomalous = (np.empty(0) if labels is None else labels) == names.index(class_name)
    known = np.isfinite(scored.scores)
    false_alarms, found, area = curve_of(scored.scores[known], anomalous[known])
    lowest, highest = np.percentile(scored.scores[known], (_BEYOND, 100.0 - _BEYOND))
    edges = np.linspace(lowest, max(highest, lowest + 1e-9), _BINS + 1)
    within = np.clip(scored.scores[known], edges[0], edges[-1])
    shares = [
        np.histogram(within[group], edges)[0] / max(int(group.sum()), 1)
        for group in (anomalous[known], ~anomalous[known])
    ]
    kept = np.unique(np.linspace(0, len(found) - 1, _MOST_POINTS).round().astype(np.int64))
    top = highest_places(scored)
    return AnomalyFacts(
        (f"class {class_name}", int(anomalous.sum())),
        ("all others", int((~anomalous).sum())),
        _UNITS.get(scored.what, f"{scored.what}, nats").replace("-", "−"),
        edges,
        shares[0],
        shares[1],
        false_alarms[kept],
        found[kept],
        area,
        _pictures(scored.items, top),
        tuple(f"{name}  {scored.scores[place]:.4g}" for name, place in zip(_names(scored, top), top, strict=True)),
    )


def highest_places(scored: ScoredItems) -> NDArray[np.int64]:
    """Places of the items with the highest scores, the highest first."""
    return np.argsort(-np.nan_to_num(scored.scores, nan=-np.inf), kind="stable")[:_HIGHEST]


def _names(scored: ScoredItems, places: NDArray[np.int64]) -> tuple[str, ...]:
    return scored.items.part(places).class_names_of(np.arange(len(places)))


def _pictures(items: DataItems, places: NDArray[np.int64]) -> NDArray[np.uint8]:
    images = items.images[places]
    if images.dtype != np.uint8:
        return np.zeros((0, 1, 1, 1), np.uint8)
    return ImagePictures(images.shape[1:]).small(images.astype(np.float32) / np.float32(255))
