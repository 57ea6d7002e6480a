"""Directions through the encoded data of the open model: found in a job, then moved along at once."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.services.code_histograms import bin_counts
from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.tensors import condition_of, known_dataset, prepare_thread
from explorer.state.condition_facts import Condition
from explorer.state.direction_values import Correlations, DirectionFacts
from explorer.state.item_groups import ItemGroup, unpacked
from explorer.state.slider_choices import GROUP_METHODS, DirectionsChoice, GroupPair
from explorer.state.wording import attribute_title
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.attribute_columns import AttributeColumns, Groups
from trainers.engine.checkpoint import load_model, read_header
from trainers.engine.devices import choose_device
from trainers.engine.direction_cache import columns_of, directions_of_checkpoint
from trainers.engine.directions import DirectionSettings, DirectionTable
from trainers.errors import UsageError
from trainers.latent.group_directions import group_values
from trainers.reporting import Report, StopRequested

REACH, USUAL = 6.0, 3.0
OWN_DIRECTIONS = 8
# What moves with a direction is a fit whose time grows with the square of a code's length: wide codes get fewer items.
_MOST_WORK = 5e10
# What is left of a direction among unlocked dimensions is nothing below this share.
_NOTHING_LEFT = 1e-6

Code = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class KnownItems:
    """Encoded items that have a code, with what is known of them.

    codes: (count, latent_size). dataset: labels and attributes in their order; its images are blank, as nothing looks
    at them. members: (encoded items,), which of all these are.
    """

    codes: NDArray[np.float32]
    dataset: ImageDataset
    members: NDArray[np.bool_]

    def group(self, group: ItemGroup) -> NDArray[np.bool_]:
        """Who (count,) belongs to a named group."""
        return unpacked(group.members, len(self.members))[self.members]


def known_items(spec: DataSpec, encoded: EncodedItems, items: DataItems | None) -> KnownItems:
    """The encoded items as engines take them. items: the same items, in their order, where they are at hand."""
    coded = encoded.coded
    codes = encoded.codes if encoded.has_code is None else encoded.codes[coded]
    labels = encoded.labels if encoded.class_names == spec.class_names else None
    attributes = None if items is None else items.attributes
    dataset = known_dataset(
        spec,
        "test" if encoded.source == "test" else "train",
        len(codes),
        None if labels is None else labels[coded],
        None if attributes is None else attributes[: len(coded)][coded],
    )
    return KnownItems(codes, dataset, coded)


@dataclass(frozen=True, eq=False)
class FoundDirections:
    """Directions, or the sentence saying why there are none.

    encoded, asked: what they were looked for in, and by which words. place: code where a Jacobian was taken, else
    empty. notes: why some are missing, a sentence each. shares: (directions, bins), how the data lie along each from
    −`REACH` to `REACH` sigmas, as shares of the highest bin.
    """

    encoded: EncodedItems | None
    asked: Hashable
    table: DirectionTable | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    place: Code = ()
    shares: NDArray[np.float32] | None = None

    @property
    def count(self) -> int:
        """How many directions there are."""
        return 0 if self.table is None else len(self.table.directions)

    @cached_property
    def _vectors(self) -> NDArray[np.float64]:
        assert self.table is not None
        return np.stack([one.vector / one.sigma for one in self.table.directions])

    @cached_property
    def _centres(self) -> NDArray[np.float64]:
        assert self.table is not None
        return np.array([one.centre / one.sigma for one in self.table.directions])

    def fits(self, code: Code) -> bool:
        """Whether the directions lie in the space of a code."""
        return bool(self.count) and self._vectors.shape[1] == len(code)

    def positions(self, code: Code) -> tuple[float, ...]:
        """Where a code lies along each direction, in sigmas from the middle of the data."""
        return tuple((self._vectors @ np.array(code) - self._centres).tolist())

    def placed(self, code: Code, place: int, position: float, locked: frozenset[int] = frozenset()) -> Code:
        """The nearest code at another position along a direction; locked dimensions stay as they are.

        The code itself where they are all that the direction is made of.
        """
        along, start = self._vectors[place], np.array(code)
        free = along.copy()
        free[list(locked)] = 0.0
        length = float(free @ free)
        if length <= _NOTHING_LEFT**2 * float(along @ along):
            return code
        step = (position - float(along @ start - self._centres[place])) / length
        return tuple((start + step * free).tolist())

    def centred(self, code: Code, locked: frozenset[int] = frozenset()) -> Code:
        """The nearest code in the middle of the data along all directions, as far as these agree."""
        free = self._vectors.copy()
        free[:, list(locked)] = 0.0
        step = np.linalg.lstsq(free, -np.array(self.positions(code)), rcond=1e-9)[0]
        return tuple((np.array(code) + step).tolist())

    def facts(self) -> tuple[DirectionFacts, ...]:
        """What there is to say of each direction."""
        table = self.table
        if table is None:
            return ()
        titles = [attribute_title(name) for name in table.columns]
        return tuple(
            DirectionFacts(
                one.name,
                attribute_title(one.name),
                None if score is None else score.accuracy,
                None if score is None else score.effect,
                0 if score is None else score.held_out,
                one.sigma,
                one.strength,
                tuple(attribute_title(name) for name in one.beside),
                tuple(zip(titles, row.tolist(), strict=True)),
            )
            for one, score, row in zip(table.directions, table.scores, table.leakage, strict=True)
        )

    def correlations(self) -> Correlations | None:
        """How the directions lie to one another, and what they are named for."""
        if self.table is None or self.count < 2:
            return None
        names = [one.name for one in self.table.directions]
        titles = tuple(attribute_title(name) for name in names)
        return Correlations(titles, self.table.cosines, self.table.correlations_of(names))


@dataclass(frozen=True, eq=False)
class DirectionsJob:
    """Finds directions as a choice says, as a function for a job.

    checkpoint: file of the model. encoded: what they are found in; None for draws of the prior. items: the encoded
    items where they are at hand. groups: named ones of these. place, condition: where a Jacobian is taken.
    """

    checkpoint: str
    asked: Hashable
    choice: DirectionsChoice
    encoded: EncodedItems | None
    items: DataItems | None = None
    groups: tuple[ItemGroup, ...] = ()
    place: Code = ()
    condition: Condition = ()

    def __call__(self, report: Report, stop_requested: StopRequested) -> FoundDirections:
        """The directions, or why there are none. Raises `StoppedError` and `FailureError`."""
        prepare_thread()
        try:
            return self._found(report, stop_requested)
        except UsageError as error:
            return FoundDirections(self.encoded, self.asked, problem=str(error))

    def _found(self, report: Report, stop_requested: StopRequested) -> FoundDirections:
        checkpoint = Path(self.checkpoint)
        # Nobody else uses this copy of the model, so that neither the window nor its pictures wait for it.
        header, model = read_header(checkpoint), load_model(checkpoint, choose_device("auto"))
        known = None if self.encoded is None else known_items(header.data, self.encoded, self.items)
        groups, notes = self._pairs(known)
        names = columns_of(known.dataset, len(known.codes), groups).names if known is not None else ()
        method, is_local = self.choice.method, self.choice.method == "jacobian"
        table = directions_of_checkpoint(
            model,
            checkpoint,
            None if known is None else known.dataset,
            DirectionSettings(
                methods=(method,),
                orthogonal_to=tuple(name for name in self.choice.orthogonal_to if _is_known(name, method, names)),
                count=min(OWN_DIRECTIONS, model.latent_space.size),
                limit=None if known is None else _limit(known.codes),
            ),
            groups=groups or None,
            codes=None if known is None else known.codes,
            place=np.array(self.place) if is_local else None,
            condition=condition_of(model, self.condition) if is_local else None,
            report=report,
            stop_requested=stop_requested,
        )
        place = self.place if is_local else ()
        shares = None if known is None or not table.directions else _shares(table, known.codes)
        return FoundDirections(self.encoded, self.asked, table, "", (*notes, *table.skipped), place, shares)

    def _pairs(self, known: KnownItems | None) -> tuple[dict[str, Groups], tuple[str, ...]]:
        """The pairs of groups that lead somewhere, and why others do not."""
        found: dict[str, Groups] = {}
        notes = []
        if known is None or self.choice.method not in GROUP_METHODS:
            return {}, ()
        for pair in self.choice.pairs:
            try:
                found[pair.name] = self._ends(pair, known)
            except UsageError as error:
                notes.append(f"{pair.name}: {error}")
        return found, tuple(notes)

    def _ends(self, pair: GroupPair, known: KnownItems) -> Groups:
        by_name = {group.name: group for group in self.groups}
        for name in (pair.start, pair.end):
            if name and name not in by_name:
                raise UsageError(f"There is no group “{name}” of these items any more; remove the pair.")
        end = known.group(by_name[pair.end])
        start = known.group(by_name[pair.start]) if pair.start else ~end
        group_values(start, end, (pair.start or "all the others", pair.end))
        return np.flatnonzero(start).tolist(), np.flatnonzero(end).tolist()


def known_columns(
    spec: DataSpec, encoded: EncodedItems, items: DataItems | None, groups: tuple[ItemGroup, ...]
) -> tuple[KnownItems, AttributeColumns]:
    """The encoded items and what is known of them: attributes, classes, and the named groups that have members."""
    known = known_items(spec, encoded, items)
    ends: dict[str, Groups] = {}
    for group in groups:
        members = known.group(group)
        if members.any() and not members.all():
            ends[group.name] = np.flatnonzero(~members).tolist(), np.flatnonzero(members).tolist()
    return known, columns_of(known.dataset, len(known.codes), ends)


def _is_known(name: str, method: str, names: tuple[str, ...]) -> bool:
    return name in names if method in GROUP_METHODS else re.search(rf"(^| ){method} \d+$", name) is not None


def _limit(codes: NDArray[np.float32]) -> int | None:
    most = max(1000, int(_MOST_WORK / codes.shape[1] ** 2))
    return most if most < len(codes) else None


def _shares(table: DirectionTable, codes: NDArray[np.float32]) -> NDArray[np.float32]:
    positions = np.stack([one.positions(codes) for one in table.directions], axis=1)
    ends = np.full(positions.shape[1], REACH)
    counts = bin_counts(positions, -ends, ends)
    return np.asarray(counts / np.maximum(counts.max(axis=1, keepdims=True), 1), np.float32)
