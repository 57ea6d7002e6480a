"""The likelihood itself in nats, and likelihoods of discrete data in bits per dimension."""

import math
from typing import ClassVar

import torch

from trainers.metrics.fixed_blocks import fixed_blocks, posterior_draws
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested


@METRICS.register("log_likelihood")
class LogLikelihood(Metric):
    """log p(x) of models that compute it: of images a probability, of points a density."""

    name = "log_likelihood"
    unit = "nats per item"
    better = "higher"
    description = "exact log-likelihood: of images a probability, of points a density"
    needs: ClassVar[frozenset[Capability]] = frozenset({"exact_likelihood"})
    is_likelihood: ClassVar[bool] = True

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over items."""
        draws = posterior_draws(subject, settings)
        values = [
            subject.log_likelihood(items, draws)
            for items in fixed_blocks(subject, settings, report, stop_requested, self.name)
        ]
        found: dict[str, str | int | float] = {
            "likelihood": subject.likelihood_name or "",
            "split": subject.split,
            "seed": settings.seed,
        }
        return mean_over_images(self, torch.cat(values), found)


@METRICS.register("bits_per_dimension")
class BitsPerDimension(Metric):
    """-log₂ p(x) divided by the numbers of an item: 8 bits where every one of 256 grey values is as likely.

    Of a model that only bounds its likelihood it is an upper bound, from importance-weighted samples.
    """

    name = "bits_per_dimension"
    unit = "bits per dimension"
    better = "lower"
    description = "bits per pixel and channel that an image takes; an upper bound where the likelihood is one"
    needs: ClassVar[frozenset[Capability]] = frozenset({"discrete_likelihood"})
    is_likelihood: ClassVar[bool] = True
    uses: ClassVar[frozenset[str]] = frozenset({"seed", "limit", "importance_samples"})

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Where the likelihood is exact: of a bound it would say again, and as slowly, what iw_bound says."""
        return super().is_usual(capabilities) and "exact_likelihood" in capabilities

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images; the settings say whether it is exact, and else the number of importance samples."""
        values, draws, samples = [], posterior_draws(subject, settings), settings.importance_samples
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            log_weights = subject.log_weights(items, settings.importance_samples, draws)
            samples = len(log_weights)
            nats = torch.logsumexp(log_weights.double(), dim=0) - math.log(samples)
            values.append(-nats / (items.images[0].numel() * math.log(2.0)))
        found: dict[str, str | int | float] = {
            "likelihood": subject.likelihood_name or "", "split": subject.split, "seed": settings.seed
        }  # fmt: skip
        if "exact_likelihood" in subject.capabilities:
            found["value_is"] = "exact"
        else:
            found |= {"value_is": "upper bound", "importance_samples": samples}
        return mean_over_images(self, torch.cat(values), found)
