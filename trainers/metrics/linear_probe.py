"""How much of the classes can be read off the codes by a linear classifier."""

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from trainers.errors import StoppedError, UsageError
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Resource, Subject
from trainers.reporting import Report, StopRequested, never, no_report, part_of

FITTED_ITEMS = 10_000

_PENALTY = 1e-4
_ROUNDS = 25
_STEPS_PER_ROUND = 20
_SMALLEST_DEVIATION = 1e-6


@METRICS.register("linear_probe")
class LinearProbe(Metric):
    """Share of the split whose class multinomial regression, fitted to codes of training items, tells."""

    name = "linear_probe"
    unit = "share of items"
    better = "higher"
    description = "classes that a linear classifier fitted to training codes recognises by the codes of the split"
    needs: ClassVar[frozenset[Capability]] = frozenset({"encoder", "labels"})
    resources: ClassVar[frozenset[Resource]] = frozenset({"training_items"})
    weighs_binarisation: ClassVar[bool] = False

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Never: it encodes training items as well."""
        return False

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The share; codes are posterior means, standardised by those of the training items."""
        codes, labels, reading = [], [], part_of(report, 0, 3)
        for items in fixed_blocks(subject, settings, reading, stop_requested, self.name):
            if items.labels is None:
                raise UsageError(f"{self.name} needs items with classes; choose another split or metric.")
            codes.append(subject.encode(items)[0].float().cpu())
            labels.append(items.labels.cpu())
        fitted, known = subject.training_codes(FITTED_ITEMS, part_of(report, 1, 3), stop_requested)
        classes = len(subject.class_names)
        weights = fitted_probe(fitted, known, classes, part_of(report, 2, 3), stop_requested)
        hits = (probe_answers(weights, torch.cat(codes)) == torch.cat(labels)).double()
        report(1.0, self.name)
        share, count = float(hits.mean()), len(hits)
        error = (share * (1.0 - share) / count) ** 0.5
        said: dict[str, str | int | float] = {
            "split": subject.split, "fitted_to": f"{len(fitted)} training items", "penalty": _PENALTY
        }  # fmt: skip
        return Measurement(self.name, share, self.unit, self.better, error, count, said)


def fitted_probe(
    codes: Tensor,
    labels: Tensor,
    classes: int,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Tensor:
    """Weights (latent_size + 1, classes), the last row of which is the bias, of multinomial regression on raw codes.

    codes: (count, latent_size). labels: (count,). Minimises the mean cross-entropy with a small penalty on the weights
    of standardised codes, by L-BFGS. Raises `StoppedError` when asked to stop.
    """
    values = codes.double()
    mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0).clamp_min(_SMALLEST_DEVIATION)
    standard = (values - mean) / deviation
    with torch.enable_grad():
        weights = torch.zeros(codes.shape[1], classes, dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(classes, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [weights, bias], max_iter=_STEPS_PER_ROUND, history_size=10, line_search_fn="strong_wolfe"
        )

        def loss() -> Tensor:
            optimizer.zero_grad()
            value = functional.cross_entropy(standard @ weights + bias, labels) + _PENALTY * weights.square().sum()
            value.backward()
            return value.detach()

        before = float("inf")
        for number in range(_ROUNDS):
            if stop_requested():
                raise StoppedError
            now = float(optimizer.step(loss))
            report((number + 1) / _ROUNDS, "linear probe")
            if before - now < 1e-7 * max(1.0, abs(now)):
                break
            before = now
    report(1.0, "linear probe")
    scaled = weights.detach() / deviation[:, None]
    return torch.cat([scaled, (bias.detach() - mean @ scaled)[None]])


def probe_answers(weights: Tensor, codes: Tensor) -> Tensor:
    """The most likely class (count,) of codes (count, latent_size) by weights of `fitted_probe`."""
    return (codes.double() @ weights[:-1] + weights[-1]).argmax(dim=1)
