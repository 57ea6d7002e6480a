"""How encoded data are spread along every dimension, and where the encoder sees a single item."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.item_cards import original_items
from explorer.services.network import OpenModel

BINS = 40
_NUMBERS_AT_ONCE = 500_000


@dataclass(frozen=True, eq=False)
class CodeHistograms:
    """Shares of the codes along dimensions.

    encoded: what was counted. shares: (latent_size, bins), each row divided by its highest bin; bins of equal width
    between the ends of a slider, the two outermost with all that lies beyond.
    """

    encoded: EncodedItems
    shares: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ItemPosterior:
    """What the encoder says of one item. mean, deviation: (latent_size,); no deviation where it is always sure."""

    index: int
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32] | None


def histograms_in_steps(
    encoded: EncodedItems, minima: NDArray[np.floating], maxima: NDArray[np.floating]
) -> Iterator[CodeHistograms | None]:
    """Count codes along all dimensions in short steps.

    minima, maxima: (latent_size,), the ends of the sliders.
    """
    count, size = encoded.codes.shape
    totals = np.zeros((size, BINS), np.int64)
    rows = max(1, _NUMBERS_AT_ONCE // size)
    for start in range(0, count, rows):
        totals += bin_counts(encoded.codes[start : start + rows], minima, maxima)
        yield None
    highest = np.maximum(totals.max(axis=1, keepdims=True), 1)
    yield CodeHistograms(encoded, (totals / highest).astype(np.float32))


def bin_counts(
    values: NDArray[np.floating], minima: NDArray[np.floating], maxima: NDArray[np.floating]
) -> NDArray[np.int64]:
    """How many of some values (count, columns) lie in each bin (columns, bins) between two ends of each column.

    Rows that are no numbers are left out.
    """
    known = values[np.isfinite(values).all(axis=1)]
    columns = values.shape[1]
    scale = BINS / np.maximum(np.asarray(maxima) - minima, 1e-12)
    places = np.clip((known - minima) * scale, 0, BINS - 1).astype(np.int64)
    flat = places + BINS * np.arange(columns)
    return np.bincount(flat.ravel(), minlength=BINS * columns).reshape(columns, BINS)


def posterior_of(
    model: OpenModel, encoded: EncodedItems, items: DataItems | None, index: int
) -> Iterator[ItemPosterior]:
    """Where the encoder sees one of the encoded items; nothing where there is no encoder, or no such item at hand."""
    originals = original_items(encoded, items)
    if originals is None or "encoder" not in model.capabilities or not 0 <= index < len(encoded.codes):
        return
    chosen = originals.part(np.array([index]))
    told = model.conditions_of(chosen.labels, chosen.attributes, 1)
    mean, log_variance = model.encode(chosen.images, told)
    yield ItemPosterior(index, mean[0], None if log_variance is None else np.exp(0.5 * log_variance[0]))
