"""Which metrics a model can have, and why it cannot have the others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainers.engine.checkpoint import model_name
from trainers.engine.evaluation import possible_metrics
from trainers.engine.evaluation_resources import subject_capabilities
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import Capability, check_subject
from trainers.models.latent_model import LatentModel, Likelihood

if TYPE_CHECKING:
    from trainers.metrics.metric import Subject


@dataclass(frozen=True)
class _Described:
    """As much of a subject as is looked at before anything is measured."""

    model_name: str
    capabilities: frozenset[Capability]
    likelihood_name: str | None


def impossible_metrics(model: LatentModel) -> dict[str, str]:
    """By the names of the metrics that a model and its data cannot have, the sentence that says why."""
    likelihood = model.likelihood_name if isinstance(model, Likelihood) else None
    described = _Described(model_name(model), subject_capabilities(model), likelihood)
    possible = possible_metrics(model)
    found = {}
    for name in METRICS:
        try:
            check_subject(METRICS[name], cast("Subject", described))
        except UsageError as error:
            found[name] = str(error)
        else:
            if name not in possible:
                found[name] = f"{name} needs something to tell pictures apart by, which {model.data_spec.name} lacks."
    return found
