"""Disentanglement, completeness and informativeness by the importance of numbers of the code for factors.

Source: Eastwood and Williams, A Framework for the Quantitative Evaluation of Disentangled Representations, 2018.
"""

import numpy as np

from trainers.errors import StoppedError
from trainers.metrics.known_factors import Array, FactorMetric, FactorScore, has_few_values
from trainers.metrics.metric import METRICS
from trainers.reporting import Report, StopRequested

_TREES = 20
_DEPTH = 10
_MOST_ITEMS = 5000
_FITTED_SHARE = 0.7


@METRICS.register("dci")
class ImportanceScores(FactorMetric):
    """Disentanglement: whether each number of the code matters for one factor only, weighted by how much it matters."""

    name = "dci"
    description = "DCI disentanglement of codes and known factors, with completeness and informativeness"

    def score(
        self, codes: Array, factors: Array, seed: int, report: Report, stop_requested: StopRequested
    ) -> FactorScore:
        """Disentanglement, with that of each number of the code; random forests say how much each matters.

        Informativeness is the share of held-out items, or of their variance, that the forests predict.
        """
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        codes, factors = codes[:_MOST_ITEMS], factors[:_MOST_ITEMS]
        fitted = int(_FITTED_SHARE * len(codes))
        importance = np.zeros((codes.shape[1], factors.shape[1]))
        predicted = []
        for place, factor in enumerate(factors.T):
            if stop_requested():
                raise StoppedError
            kind = RandomForestClassifier if has_few_values(factor) else RandomForestRegressor
            wanted = np.unique(factor, return_inverse=True)[1] if has_few_values(factor) else factor
            forest = kind(n_estimators=_TREES, max_depth=_DEPTH, random_state=seed % 2**32)
            forest.fit(codes[:fitted], wanted[:fitted])
            importance[:, place] = forest.feature_importances_
            predicted.append(float(forest.score(codes[fitted:], wanted[fitted:])))
            report((place + 1) / factors.shape[1], self.name)
        per_unit, weights = disentanglement(importance)
        complete, _ = disentanglement(importance.T)
        said: dict[str, str | int | float] = {
            "importance": f"random forests of {_TREES} trees",
            "found_completeness": float(complete.mean()),
            "found_informativeness": float(np.mean(predicted)),
        }
        return FactorScore(float((per_unit * weights).sum()), tuple(per_unit.tolist()), said)


def disentanglement(importance: Array) -> tuple[Array, Array]:
    """One minus the entropy of each row of importance (rows, columns), from 0 to 1, and the share of each row."""
    columns = importance.shape[1]
    sums = importance.sum(axis=1)
    shares = importance / np.maximum(sums, 1e-12)[:, None]
    logarithms = np.log(np.where(shares > 0.0, shares, 1.0))
    per_row = 1.0 + (shares * logarithms).sum(axis=1) / np.log(columns) if columns > 1 else np.ones(len(sums))
    return np.where(sums > 0.0, per_row, 0.0), sums / max(float(sums.sum()), 1e-12)
