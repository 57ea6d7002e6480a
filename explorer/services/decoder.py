"""Everything the open model is asked for, on one thread, the picture under the ring before all else."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.services.code_histograms import histograms_in_steps, posterior_of
from explorer.services.code_sheets import SheetWish, decode_sheet
from explorer.services.codebooks import edited_code, read_codebook, read_grid
from explorer.services.contours import contours_in_steps
from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems, place_in_steps
from explorer.services.item_cards import CardWish, item_card
from explorer.services.item_errors import ErrorsWish, errors_in_steps
from explorer.services.lane_requests import Answers, LaneRequests
from explorer.services.lanes import Lane, Request
from explorer.services.matching import MatchWish, match_item, search_item
from explorer.services.nearest_items import code_of
from explorer.services.network import OpenModel
from explorer.services.paths import PathWork, find_walk
from explorer.services.pictured_items import PicturesWish, picture_in_steps
from explorer.services.planes import MapPlane
from explorer.services.point_values import measure_in_steps
from explorer.services.reconstructions import ReconstructionsWish, reconstruct_in_steps, search_reconstructions
from explorer.services.samples import (
    DrawnCodes,
    DrawnSamples,
    SamplesWish,
    decode_samples,
    draw_codes,
    draw_items,
    recognise,
)
from explorer.services.tile_decoding import decode_tiles
from explorer.services.tiles import TileCache
from explorer.state.codebook_values import CellEdit
from explorer.state.condition_facts import Condition
from explorer.state.condition_sweep import ConditionSweep
from explorer.state.map_values import MapView
from explorer.state.model_facts import ModelFacts
from explorer.state.point_colour import PointColour

_LONG_LANES = (Lane.MATCH, Lane.CODE, Lane.SAMPLES, Lane.RECONSTRUCTIONS, Lane.PATH)


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """The picture (height, width, channels) of one code, and how long the network took for it.

    condition: what the decoder was told, empty where it needs nothing. values: (*shape), the item as the model gave it.
    """

    code: tuple[float, ...]
    picture: NDArray[np.uint8]
    milliseconds: float
    condition: Condition = ()
    values: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class DecodedSweep:
    """One code under every condition of a sweep; pictures (count, height, width, channels) in its order."""

    sweep: ConditionSweep
    pictures: NDArray[np.uint8]


class Decoder(LaneRequests):
    """Answers requests about the open model; answers about an earlier model are dropped.

    Drawing from the prior, searching for codes and for paths are long lanes.

    picture_decoded: `DecodedPicture`. matched: `Matched`. tiles_decoded: `DecodedTiles`. sweep_decoded: `DecodedSweep`.
    reconstructed: `Reconstructions`. samples_progressed, search_progressed: share from 0 to 1 and what is being done.
    samples_drawn: `DrawnSamples`. code_drawn: one code as a tuple. items_encoded: `EncodedItems`.
    codebook_read: `CodebookFacts`. grid_read: `CodeGrid`. card_made: `ItemCard`, first without what takes longer.
    items_pictured: `PicturedItems`. path_found: `KeyPictures`, `WalkedPath`.
    histograms_counted: `CodeHistograms`. posterior_found: `ItemPosterior`. sheet_decoded: `DecodedSheet`.
    items_measured: `MeasuredItems`. contours_found: `MapContours`. reconstruction_failed, export_failed, path_failed: a
    sentence. errors_measured: `ItemErrors`, after errors_progressed. item_encoded: `ItemCode`.
    """

    picture_decoded = Signal(object)
    matched = Signal(object)
    match_progressed = Signal(float, str)
    match_failed = Signal(str)
    tiles_decoded = Signal(object)
    sweep_decoded = Signal(object)
    reconstructed = Signal(object)
    samples_progressed = Signal(float, str)
    search_progressed = Signal(float, str)
    path_progressed = Signal(float, str)
    errors_progressed = Signal(float, str)
    errors_measured = Signal(object)
    item_encoded = Signal(object)
    samples_drawn = Signal(object)
    code_drawn = Signal(object)
    items_encoded = Signal(object)
    codebook_read = Signal(object)
    grid_read = Signal(object)
    items_measured = Signal(object)
    contours_found = Signal(object)
    card_made = Signal(object)
    items_pictured = Signal(object)
    path_found = Signal(object)
    histograms_counted = Signal(object)
    posterior_found = Signal(object)
    sheet_decoded = Signal(object)
    reconstruction_failed = Signal(str)
    export_failed = Signal(str)
    path_failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_LONG_LANES, parent)
        self._cache = TileCache()

    def _make_answers(self) -> Answers:
        return Answers(
            found={
                Lane.PICTURE: self.picture_decoded,
                Lane.MATCH: self.matched,
                Lane.CODE: self.code_drawn,
                Lane.TILES: self.tiles_decoded,
                Lane.CONDITIONS: self.sweep_decoded,
                Lane.RECONSTRUCTIONS: self.reconstructed,
                Lane.SAMPLES: self.samples_drawn,
                Lane.ENCODINGS: self.items_encoded,
                Lane.CODEBOOK: self.codebook_read,
                Lane.GRID: self.grid_read,
                Lane.EDIT: self.code_drawn,
                Lane.VALUES: self.items_measured,
                Lane.CONTOURS: self.contours_found,
                Lane.CARD: self.card_made,
                Lane.ITEMS: self.items_pictured,
                Lane.EXPORT: self.items_pictured,
                Lane.HISTOGRAMS: self.histograms_counted,
                Lane.POSTERIOR: self.posterior_found,
                Lane.SHEET: self.sheet_decoded,
                Lane.TERMS: self.sheet_decoded,
                Lane.PATH: self.path_found,
                Lane.ERRORS: self.errors_measured,
                Lane.ITEM_CODE: self.item_encoded,
            },
            progressed={
                Lane.MATCH: self.match_progressed,
                Lane.SAMPLES: self.samples_progressed,
                Lane.RECONSTRUCTIONS: self.search_progressed,
                Lane.PATH: self.path_progressed,
                Lane.ERRORS: self.errors_progressed,
            },
            # Whoever waits for these has room for the sentence.
            failed={
                Lane.MATCH: self.match_failed,
                Lane.RECONSTRUCTIONS: self.reconstruction_failed,
                Lane.EXPORT: self.export_failed,
                Lane.PATH: self.path_failed,
                Lane.ERRORS: self.reconstruction_failed,
            },
        )

    def decode(self, code: tuple[float, ...], condition: Condition = ()) -> None:
        """Ask for the picture of a code."""
        model = self._open_model()
        self._submit(Lane.PICTURE, lambda: _decode_one(model, code, condition))

    def match(self, wish: MatchWish) -> None:
        """Ask for the code of an item; where there is no encoder it is searched for, the best so far coming early."""
        model = self._open_model()
        if "encoder" in model.capabilities:
            self._submit(Lane.MATCH, lambda: match_item(model, wish))
            return
        tell = self._partial_teller(Lane.MATCH)
        self._submit_long(Lane.MATCH, lambda report, given_up: search_item(model, wish, report, given_up, tell))

    def cancel_match(self) -> None:
        """The code of the item is not wanted any longer."""
        self._cancel(Lane.MATCH)

    def decode_sweep(self, code: tuple[float, ...], sweep: ConditionSweep) -> None:
        """Ask for the pictures of a code under every condition of a sweep."""
        model = self._open_model()
        work = partial(_decode_sweep, model, code, sweep)
        self._lanes.submit(Request(Lane.CONDITIONS, model.generation, work, is_patient=True))

    def decode_tiles(self, plane: MapPlane, view: MapView) -> None:
        """Ask for the tiles of a view."""
        model, cache = self._open_model(), self._cache
        self._submit(Lane.TILES, lambda: decode_tiles(model, plane, view, cache))

    def reconstruct(self, wish: ReconstructionsWish) -> None:
        """Ask for the reconstructions of some items; without an encoder the first of them come early."""
        model = self._open_model()
        self._cancel(Lane.RECONSTRUCTIONS)
        if "encoder" in model.capabilities or (wish.codes is not None and wish.corruption is None):
            self._submit(Lane.RECONSTRUCTIONS, lambda: reconstruct_in_steps(model, wish))
            return
        tell = self._partial_teller(Lane.RECONSTRUCTIONS)
        self._submit_long(
            Lane.RECONSTRUCTIONS, lambda report, given_up: search_reconstructions(model, wish, report, given_up, tell)
        )

    def measure_errors(self, wish: ErrorsWish) -> None:
        """Ask for the errors of all items of the map."""
        model = self._open_model()
        self._submit(Lane.ERRORS, lambda: errors_in_steps(model, wish))

    def cancel_errors(self) -> None:
        """The errors are not wanted any longer."""
        self._lanes.clear(Lane.ERRORS)

    def cancel_search(self) -> None:
        """Look no further for the codes of test items; the best so far are shown."""
        self._cancel(Lane.RECONSTRUCTIONS)

    def draw_samples(self, wish: SamplesWish) -> None:
        """Ask for samples from the prior."""
        model = self._open_model()
        self._lanes.clear(Lane.SAMPLES)
        self._submit_long(Lane.SAMPLES, lambda report, given_up: draw_items(model, wish, report, given_up))

    def recognise_samples(self, drawn: DrawnSamples) -> None:
        """Ask what samples are taken for that were drawn before there was a classifier."""
        model = self._open_model()
        self._submit(Lane.SAMPLES, lambda: recognise(model, drawn))

    def cancel_samples(self) -> None:
        """Draw no more of the samples that were asked for."""
        self._cancel(Lane.SAMPLES)

    def draw_code(self, seed: int, condition: Condition = ()) -> None:
        """Ask for one code from the prior."""
        model = self._open_model()
        wish = SamplesWish(1, seed, (1.0,) * model.levels, condition)
        self._submit_long(Lane.CODE, lambda report, given_up: draw_codes(model, wish, report, given_up))

    def find_path(self, wanted: PathWork) -> None:
        """Ask for a path, and for the pictures of its key points."""
        model, tell = self._open_model(), self._partial_teller(Lane.PATH)
        self._submit_long(Lane.PATH, lambda report, given_up: find_walk(model, wanted, report, given_up, tell))

    def cancel_path(self) -> None:
        """Look no further for a path."""
        self._cancel(Lane.PATH)

    def encode(self, items: DataItems | None, most: int) -> None:
        """Ask for the codes of what has a place on the map, at most so many test items."""
        model = self._open_model()
        self._submit(Lane.ENCODINGS, lambda: place_in_steps(model, items, most))

    def cancel_encoding(self) -> None:
        """Other items are wanted on the map."""
        self._lanes.clear(Lane.ENCODINGS)

    def encode_item(self, items: DataItems, index: int) -> None:
        """Ask for the code of one item."""
        model = self._open_model()
        self._submit(Lane.ITEM_CODE, lambda: code_of(model, items, index))

    def read_codebook(self, block: str, encoded: EncodedItems | None) -> None:
        """Ask for the entries of a block, and how often encoded items use them."""
        model = self._open_model()
        self._submit(Lane.CODEBOOK, lambda: read_codebook(model, block, encoded))

    def read_grid(self, code: tuple[float, ...], block: str) -> None:
        """Ask for the entries of a block at a code."""
        model = self._open_model()
        self._submit(Lane.GRID, lambda: read_grid(model, code, block))

    def edit_grid(self, code: tuple[float, ...], edit: CellEdit) -> None:
        """Ask for a code with another entry in one cell; it comes as `code_drawn`."""
        model = self._open_model()
        self._submit(Lane.EDIT, lambda: edited_code(model, code, edit))

    def make_card(self, wish: CardWish) -> None:
        """Ask for the card of a point of the map."""
        model = self._open_model()
        self._submit(Lane.CARD, lambda: item_card(model, wish))

    def picture_items(self, wish: PicturesWish) -> None:
        """Ask for pictures of items of the map."""
        model = self._open_model()
        self._submit(Lane.EXPORT if wish.purpose == "export" else Lane.ITEMS, lambda: picture_in_steps(model, wish))

    def cancel_export(self) -> None:
        """The pictures that were to be written are not wanted any longer."""
        self._lanes.clear(Lane.EXPORT)

    def cancel_card(self) -> None:
        """Nobody looks at the point any longer."""
        self._lanes.clear(Lane.CARD)

    def measure(self, encoded: EncodedItems, items: DataItems, colour: PointColour) -> None:
        """Ask for the error or likelihood of encoded items."""
        model = self._open_model()
        self._submit(Lane.VALUES, lambda: measure_in_steps(model, encoded, items, colour))

    def cancel_measuring(self) -> None:
        """The numbers are not shown any longer."""
        self._lanes.clear(Lane.VALUES)

    def find_contours(
        self, plane: MapPlane, facts: ModelFacts, encoded: EncodedItems | None, hidden: frozenset[str]
    ) -> None:
        """Ask for the contours of the prior, and of encoded items but those of hidden classes."""
        model = self._open_model()
        self._submit(Lane.CONTOURS, lambda: contours_in_steps(plane, facts, encoded, hidden, model.prior_along))

    def cancel_contours(self) -> None:
        """The contours are not shown any longer."""
        self._lanes.clear(Lane.CONTOURS)

    def count_codes(self, encoded: EncodedItems, minima: NDArray[np.floating], maxima: NDArray[np.floating]) -> None:
        """Ask how encoded items are spread between two ends (latent_size,) of every dimension."""
        self._submit(Lane.HISTOGRAMS, lambda: histograms_in_steps(encoded, minima, maxima))

    def find_posterior(self, encoded: EncodedItems, items: DataItems | None, index: int) -> None:
        """Ask where the encoder sees one of the encoded items; there is no answer where it cannot say."""
        model = self._open_model()
        self._submit(Lane.POSTERIOR, lambda: posterior_of(model, encoded, items, index))

    def decode_sheet(self, wish: SheetWish) -> None:
        """Ask for pictures of codes that belong together."""
        model = self._open_model()
        self._submit(Lane.SHEET if wish.purpose == "traversal" else Lane.TERMS, lambda: decode_sheet(model, wish))

    def cancel_sheet(self) -> None:
        """The sheet of traversals is not seen any longer."""
        self._lanes.clear(Lane.SHEET)

    def _take(self, lane: Lane, value: object) -> None:
        if not isinstance(value, DrawnCodes):
            super()._take(lane, value)
        elif lane == Lane.CODE:
            self.code_drawn.emit(tuple(value.codes[0].tolist()))
        else:
            self._submit(Lane.SAMPLES, lambda: decode_samples(self._open_model(), value))


def _decode_one(model: OpenModel, code: tuple[float, ...], condition: Condition) -> Iterator[DecodedPicture]:
    start = time.perf_counter()
    values = model.decode_values(np.array([code], dtype=np.float32), condition)
    picture = model.pictures.large(values)[0]
    yield DecodedPicture(code, picture, (time.perf_counter() - start) * 1e3, condition, values[0])


def _decode_sweep(model: OpenModel, code: tuple[float, ...], sweep: ConditionSweep) -> Iterator[DecodedSweep | None]:
    conditions = np.array(sweep.conditions, dtype=np.float32)
    codes = np.broadcast_to(np.array(code, dtype=np.float32), (len(conditions), len(code)))
    pictures = []
    for _, items in model.decode_in_steps(codes, conditions):
        pictures.append(model.pictures.small(items))
        yield None
    yield DecodedSweep(sweep, np.concatenate(pictures))
