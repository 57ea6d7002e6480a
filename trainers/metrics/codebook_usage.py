"""How much of its codebooks a model uses."""

from typing import ClassVar

import torch
from torch import Tensor

from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.metric import METRICS, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested


@METRICS.register("codebook_perplexity")
class CodebookPerplexity(Metric):
    """exp of the entropy of the entries used: all of them if each is as frequent, 1 if only one is (van den Oord 2017).

    With several codebooks the value is the mean of their perplexities.
    """

    name = "codebook_perplexity"
    unit = "entries"
    better = "higher"
    description = "effective number of codebook entries in use over the split"
    needs = frozenset({"encoder", "quantizer"})
    weighs_binarisation: ClassVar[bool] = False

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """`per_unit` holds the perplexity of each codebook; the settings say how many of its entries are used."""
        counts = {block: torch.zeros(size, dtype=torch.int64) for block, size in subject.codebook_sizes.items()}
        measured = 0
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            for block, indices in subject.code_indices(items).items():
                counts[block] += torch.bincount(indices.flatten().cpu(), minlength=len(counts[block]))
            measured += len(items)
        perplexities = [perplexity(count) for count in counts.values()]
        used = {f"used_{block}": f"{int((count > 0).sum())} of {len(count)}" for block, count in counts.items()}
        value = sum(perplexities) / len(perplexities)
        found = {"split": subject.split, **used}
        return Measurement(self.name, value, self.unit, self.better, None, measured, found, tuple(perplexities))


def perplexity(counts: Tensor) -> float:
    """exp of the entropy of frequencies (entries,) that need not sum to 1; from 1 to the number of entries."""
    shares = counts.double() / counts.sum()
    return float(torch.special.entr(shares).sum().exp())
