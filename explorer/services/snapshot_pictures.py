"""What each snapshot of a run makes of the same noise and the same items, as the small pictures of a filmstrip."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.item_pictures import PointPictures
from explorer.services.network import OpenModel
from explorer.state.history_values import SnapshotColumn

_SAMPLES, _ITEMS, _POINTS = 2, 2, 500
_SEED = 0
# A scatter is drawn much larger than there is room for in a strip.
_SHRINKING = 4


@dataclass(frozen=True, eq=False)
class Probe:
    """What every snapshot is asked for; items: test items of its data, of which the first are reconstructed."""

    items: DataItems | None = None


def takes_long(model: OpenModel) -> bool:
    """Whether even a few pictures of a model take so long that a strip of them is not worth it."""
    return "sequential" in model.capabilities


def column_in_steps(model: OpenModel, step: int, probe: Probe) -> Iterator[SnapshotColumn | None]:
    """The pictures of a snapshot in short steps, None until the last."""
    if isinstance(model.pictures, PointPictures):
        drawn = model.sample_codes(_POINTS, 1.0, _SEED, model.usual_conditions(_POINTS))
        values = model.decode_values(drawn, model.usual_conditions(_POINTS))
        yield SnapshotColumn(step, _shrunk(model.pictures.sheet(values)), (f"{_POINTS} samples of the same noise",))
        return
    items = probe.items if "encoder" in model.capabilities else None
    samples = _SAMPLES if items is not None else _SAMPLES + _ITEMS
    told = model.usual_conditions(samples)
    codes = [model.sample_codes(samples, 1.0, _SEED, told)]
    names = [f"sample {place + 1} of the same noise" for place in range(samples)]
    if items is not None:
        yield None
        first = items.part(slice(_ITEMS))
        conditions = model.conditions_of(first.labels, first.attributes, len(first))
        codes.append(model.encode(first.images, conditions)[0])
        told = np.concatenate([told, conditions])
        names += [f"reconstruction of test item {place}" for place in range(len(first))]
    parts = []
    for _, run in model.decode_in_steps(np.concatenate(codes), told):
        parts.append(model.pictures.small(run))
        yield None
    yield SnapshotColumn(step, np.concatenate(parts), tuple(names))


def _shrunk(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    count, height, width, channels = pictures.shape
    blocks = pictures.reshape(count, height // _SHRINKING, _SHRINKING, width // _SHRINKING, _SHRINKING, channels)
    shrunk: NDArray[np.uint8] = np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)
    return shrunk
