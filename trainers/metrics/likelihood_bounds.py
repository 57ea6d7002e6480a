"""Lower bounds of the log-likelihood: the evidence lower bound and the importance-weighted one."""

import math
from typing import ClassVar

import torch

from trainers.metrics.fixed_blocks import fixed_blocks, posterior_draws
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested


@METRICS.register("elbo")
class EvidenceLowerBound(Metric):
    """E_q[log p(x|z)] - KL(q(z|x) || p(z)) with β = 1, one draw per image (Kingma and Welling 2014)."""

    name = "elbo"
    unit = "nats per image"
    better = "higher"
    description = "evidence lower bound, one posterior draw per image"
    needs = frozenset({"bound", "likelihood"})
    is_likelihood: ClassVar[bool] = True

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the bound."""
        bounds, draws = [], posterior_draws(subject, settings)
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            log_likelihood, kl = subject.bound_terms(items, draws)
            bounds.append(log_likelihood - kl.sum(dim=1))
        return mean_over_images(self, torch.cat(bounds), _settings(subject, settings, 1))


@METRICS.register("iw_bound")
class ImportanceWeightedBound(Metric):
    """log of the mean of exactly K importance weights (Burda, Grosse and Salakhutdinov 2016)."""

    name = "iw_bound"
    unit = "nats per image"
    better = "higher"
    description = "importance-weighted bound with exactly K samples"
    needs = frozenset({"likelihood"})
    is_likelihood: ClassVar[bool] = True
    uses: ClassVar[frozenset[str]] = frozenset({"seed", "limit", "importance_samples"})

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Where there is no exact likelihood, which it would only repeat."""
        return super().is_usual(capabilities) and "exact_likelihood" not in capabilities

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the bound; the settings hold the K that was used, 1 for an exact likelihood."""
        bounds, draws, samples = [], posterior_draws(subject, settings), settings.importance_samples
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            log_weights = subject.log_weights(items, settings.importance_samples, draws)
            samples = len(log_weights)
            bounds.append(torch.logsumexp(log_weights.double(), dim=0) - math.log(samples))
        return mean_over_images(self, torch.cat(bounds), _settings(subject, settings, samples))


def _settings(subject: Subject, settings: MetricSettings, samples: int) -> dict[str, str | int | float]:
    return {"importance_samples": samples, "likelihood": subject.likelihood_name or "", "seed": settings.seed}
