"""The mutual information gap: how much more one number of the code tells of a factor than any other number does.

Source: Chen et al., Isolating Sources of Disentanglement in Variational Autoencoders, 2018.
"""

import numpy as np
from numpy.typing import NDArray

from trainers.errors import StoppedError
from trainers.metrics.known_factors import BINS, Array, FactorMetric, FactorScore, binned
from trainers.metrics.metric import METRICS
from trainers.reporting import Report, StopRequested


@METRICS.register("mig")
class MutualInformationGap(FactorMetric):
    """Mean over factors of the gap between the two most telling numbers, as a share of the factor's entropy."""

    name = "mig"
    description = "mutual information gap of codes and known factors"

    def score(
        self, codes: Array, factors: Array, seed: int, report: Report, stop_requested: StopRequested
    ) -> FactorScore:
        """The mean, with the gap of each factor; both are cut into 20 equally wide bins."""
        gaps = []
        shown, known = binned(codes), binned(factors)
        for place in range(known.shape[1]):
            if stop_requested():
                raise StoppedError
            told = sorted((mutual_information(unit, known[:, place]) for unit in shown.T), reverse=True)
            gaps.append((told[0] - (told[1] if len(told) > 1 else 0.0)) / entropy(known[:, place]))
            report((place + 1) / known.shape[1], self.name)
        return FactorScore(float(np.mean(gaps)), tuple(gaps), {"bins": BINS})


def mutual_information(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Mutual information in nats of two columns (count,) of whole numbers from 0."""
    joint = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(joint, (first, second), 1.0 / len(first))
    product = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    there = joint > 0.0
    return float((joint[there] * np.log(joint[there] / product[there])).sum())


def entropy(column: NDArray[np.int64]) -> float:
    """Entropy in nats of a column (count,) of whole numbers from 0."""
    shares = np.bincount(column) / len(column)
    shares = shares[shares > 0.0]
    return float(-(shares * np.log(shares)).sum())
