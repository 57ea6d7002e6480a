"""Scikit-learn's 1,797 handwritten digits, 8×8 pixels."""

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.reporting import Report

_TEST_SHARE = 0.2


class Digits(DatasetSource):
    """The embedded digits; their grey levels 0 to 16 are spread over 0 to 255."""

    name = "digits"
    title = "Digits"
    description = "1,797 handwritten digits, 8×8 grey, embedded"
    embedded = True

    def signature(self) -> str:
        """The version of the split; the digits themselves never change."""
        return "digits 1"

    def read(self, report: Report) -> Contents:
        """The digits, a fifth of every class in the test split."""
        from sklearn.datasets import load_digits

        report(0.0, "reading the digits")
        bunch = load_digits()
        images = np.round(bunch.images * (255.0 / 16.0)).astype(np.uint8)[:, None]
        labels = bunch.target.astype(np.int64)
        is_test = _stratified_choice(labels)
        return Contents(
            {
                "train": Items(torch.from_numpy(images[~is_test]), torch.from_numpy(labels[~is_test])),
                "test": Items(torch.from_numpy(images[is_test]), torch.from_numpy(labels[is_test])),
            },
            class_names=tuple(str(digit) for digit in range(10)),
        )


def _stratified_choice(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    generator = np.random.default_rng(0)
    chosen = np.zeros(len(labels), dtype=np.bool_)
    for label in np.unique(labels):
        places = generator.permutation(np.flatnonzero(labels == label))
        chosen[places[: round(_TEST_SHARE * len(places))]] = True
    return chosen
