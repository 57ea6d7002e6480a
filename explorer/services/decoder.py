"""Everything the open model is asked for, on one thread, the picture under the ring before all else."""

import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from explorer.services.data_items import DataItems
from explorer.services.encodings import encode_in_steps
from explorer.services.lanes import Answer, Lane, LaneThread, Request, Work
from explorer.services.network import OpenModel, prepare_thread
from explorer.services.planes import MapPlane
from explorer.services.reconstructions import reconstruct_in_steps
from explorer.services.tiles import MosaicCanvas, TileCache, TileGrid, missing_tiles, tile_plan
from explorer.state.map_values import MapView, TileMosaic

_SHOWN_EVERY_S = 0.04


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """The picture (height, width, channels) of one code, and how long the network took for it."""

    code: tuple[float, ...]
    picture: NDArray[np.uint8]
    milliseconds: float


@dataclass(frozen=True, eq=False)
class DecodedTiles:
    """Mosaics for a plane, coarse before fine."""

    plane_key: Hashable
    mosaics: tuple[TileMosaic, ...]
    complete: bool


@dataclass(frozen=True, eq=False)
class DrawnSamples:
    """Codes (count, latent_size) from the prior and their pictures."""

    codes: NDArray[np.float32]
    pictures: NDArray[np.uint8]


class Decoder(QObject):
    """Answers requests about the open model; answers about an earlier model are dropped.

    picture_decoded: `DecodedPicture`. tiles_decoded: `DecodedTiles`. reconstructed: `Reconstructions`.
    samples_drawn: `DrawnSamples`. code_drawn: one code as a tuple. items_encoded: `EncodedItems`.
    failed: a sentence. idle: all is answered.
    """

    picture_decoded = Signal(object)
    tiles_decoded = Signal(object)
    reconstructed = Signal(object)
    samples_drawn = Signal(object)
    code_drawn = Signal(object)
    items_encoded = Signal(object)
    failed = Signal(str)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: OpenModel | None = None
        self._cache = TileCache()
        self._lanes = LaneThread(prepare_thread, self)
        self._lanes.answered.connect(self._deliver)
        self._lanes.idle.connect(self._announce_idle)
        self._lanes.start()
        self._signals = {
            Lane.PICTURE: self.picture_decoded,
            Lane.TILES: self.tiles_decoded,
            Lane.RECONSTRUCTIONS: self.reconstructed,
            Lane.SAMPLES: self.samples_drawn,
            Lane.CODE: self.code_drawn,
            Lane.ENCODINGS: self.items_encoded,
        }

    def use(self, model: OpenModel) -> None:
        """From here on everything is asked of this model."""
        self._lanes.clear()
        self._model = model

    def decode(self, code: tuple[float, ...]) -> None:
        """Ask for the picture of a code."""
        model = self._open_model()
        self._submit(Lane.PICTURE, lambda: _decode_one(model, code))

    def decode_tiles(self, plane: MapPlane, view: MapView) -> None:
        """Ask for the tiles of a view."""
        model, cache = self._open_model(), self._cache
        self._submit(Lane.TILES, lambda: _decode_tiles(model, plane, view, cache))

    def reconstruct(self, items: DataItems, indices: NDArray[np.int64]) -> None:
        """Ask for the reconstructions of some test items."""
        model = self._open_model()
        self._submit(Lane.RECONSTRUCTIONS, lambda: reconstruct_in_steps(model, items, indices))

    def draw_samples(self, count: int, temperature: float, seed: int) -> None:
        """Ask for samples from the prior."""
        model = self._open_model()
        self._submit(Lane.SAMPLES, lambda: _draw_samples(model, count, temperature, seed))

    def draw_code(self, seed: int) -> None:
        """Ask for one code from the prior."""
        model = self._open_model()
        self._submit(Lane.CODE, lambda: iter([tuple(model.sample_codes(1, 1.0, seed)[0].tolist())]))

    def encode(self, items: DataItems, most: int) -> None:
        """Ask for the codes of the first test items."""
        model = self._open_model()
        self._submit(Lane.ENCODINGS, lambda: encode_in_steps(model, items, most))

    def is_idle(self) -> bool:
        """Whether nothing is being worked on."""
        return self._lanes.is_idle()

    def stop(self) -> None:
        """End the thread."""
        self._lanes.stop()

    def _open_model(self) -> OpenModel:
        if self._model is None:
            raise RuntimeError("no model is open")
        return self._model

    def _submit(self, lane: Lane, work: Work) -> None:
        self._lanes.submit(Request(lane, self._open_model().generation, work))

    @Slot(object)
    def _deliver(self, answer: Answer) -> None:
        if self._model is None or answer.generation != self._model.generation:
            return
        if answer.error:
            self.failed.emit(answer.error)
        else:
            self._signals[answer.lane].emit(answer.value)

    @Slot()
    def _announce_idle(self) -> None:
        if self._lanes.is_idle():
            self.idle.emit()


def _decode_one(model: OpenModel, code: tuple[float, ...]) -> Iterator[DecodedPicture]:
    start = time.perf_counter()
    picture = model.decode(np.array([code], dtype=np.float32))[0]
    yield DecodedPicture(code, picture, (time.perf_counter() - start) * 1e3)


def _decode_tiles(model: OpenModel, plane: MapPlane, view: MapView, cache: TileCache) -> Iterator[DecodedTiles | None]:
    channels, height, width = model.header.data.shape
    plan = tile_plan(view, max(height, width), plane.bounds)
    tile_shape = (height, width, channels)
    key = (model.generation, plane.key)
    below: tuple[TileMosaic, ...] = ()
    for grid in (plan.coarse, plan.fine):
        canvas = MosaicCanvas(grid, tile_shape, below[0] if below else None)
        shown = time.perf_counter()
        for _ in _fill(model, plane, grid, canvas, cache, key):
            if below and time.perf_counter() - shown > _SHOWN_EVERY_S:
                shown = time.perf_counter()
                yield DecodedTiles(plane.key, (*below, canvas.mosaic()), complete=False)
            else:
                yield None
        below = (*below, canvas.mosaic())
        complete = grid is plan.fine
        yield DecodedTiles(plane.key, below, complete)
        if plan.fine == plan.coarse:
            break


def _fill(
    model: OpenModel, plane: MapPlane, grid: TileGrid, canvas: MosaicCanvas, cache: TileCache, key: Hashable
) -> Iterator[None]:
    missing = missing_tiles(grid, key, cache, canvas)
    if not missing:
        return
    codes = plane.codes(grid.centres(missing))
    for start, pictures in model.decode_in_steps(codes):
        for place, picture in zip(missing[start : start + len(pictures)], pictures, strict=True):
            cache.put((key, grid.level, place), picture)
            canvas.place(place, picture)
        yield


def _draw_samples(model: OpenModel, count: int, temperature: float, seed: int) -> Iterator[DrawnSamples | None]:
    codes = model.sample_codes(count, temperature, seed)
    pictures = []
    for _, run in model.decode_in_steps(codes):
        pictures.append(run)
        yield None
    yield DrawnSamples(codes, np.concatenate(pictures))
