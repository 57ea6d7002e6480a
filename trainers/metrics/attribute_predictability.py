"""The gap between the two numbers of the code that predict a factor best by a line or a threshold.

Source: Kumar, Sattigeri and Balakrishnan, Variational Inference of Disentangled Latent Concepts, 2018.
"""

import numpy as np

from trainers.errors import StoppedError
from trainers.metrics.known_factors import Array, FactorMetric, FactorScore, has_few_values
from trainers.metrics.metric import METRICS
from trainers.reporting import Report, StopRequested


@METRICS.register("sap")
class AttributePredictability(FactorMetric):
    """Mean over factors of the gap: of explained variance, or of balanced accuracy where a factor has two values."""

    name = "sap"
    description = "separated attribute predictability of codes and known factors"

    def score(
        self, codes: Array, factors: Array, seed: int, report: Report, stop_requested: StopRequested
    ) -> FactorScore:
        """The mean, with the gap of each factor."""
        gaps = []
        for place, factor in enumerate(factors.T):
            if stop_requested():
                raise StoppedError
            how = balanced_accuracies if has_few_values(factor) else explained_variances
            best = np.sort(how(codes, factor))[::-1]
            gaps.append(float(best[0] - (best[1] if len(best) > 1 else 0.0)))
            report((place + 1) / factors.shape[1], self.name)
        return FactorScore(float(np.mean(gaps)), tuple(gaps))


def explained_variances(codes: Array, factor: Array) -> Array:
    """Share of a factor's variance (count,) that a line through each number of the code explains, (latent_size,)."""
    centred, wanted = codes - codes.mean(axis=0), factor - factor.mean()
    squares = (centred**2).sum(axis=0) * (wanted**2).sum()
    covariances = centred.T @ wanted
    shares: Array = np.divide(covariances**2, squares, out=np.zeros(len(squares)), where=squares > 0.0)
    return shares


def balanced_accuracies(codes: Array, factor: Array) -> Array:
    """Mean of both kinds' shares told right by the best threshold on each number of the code, (latent_size,).

    factor: (count,) of two values.
    """
    is_high = factor == factor.max()
    accuracies = []
    for unit in codes.T:
        order = np.argsort(unit, kind="stable")
        high = np.cumsum(is_high[order]) / is_high.sum()
        low = np.cumsum(~is_high[order]) / (~is_high).sum()
        # Between equal numbers there is no threshold.
        apart = np.append(np.diff(unit[order]) > 0.0, True)
        accuracies.append(0.5 + 0.5 * float(np.abs(high - low)[apart].max()))
    return np.array(accuracies)
