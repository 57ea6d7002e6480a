"""Sums of classes, groups and items of the map, as a job."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.services.code_sheets import SheetWish
from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.found_directions import known_columns
from explorer.services.tensors import prepare_thread
from explorer.state.condition_facts import Condition
from explorer.state.item_groups import ItemGroup
from explorer.state.wording import attribute_title
from trainers.data.catalogue import load_dataset
from trainers.engine.attribute_columns import AttributeColumns
from trainers.engine.checkpoint import CheckpointHeader, load_model, read_header
from trainers.engine.code_arithmetic import summed_codes
from trainers.engine.devices import choose_device
from trainers.errors import UsageError
from trainers.reporting import Report, StopRequested

_ITEM = re.compile(r"#(\d{1,12})")


@dataclass(frozen=True, eq=False)
class SummedCodes:
    """The terms of a sum and what they make, or the sentence saying why there is none.

    wish: their codes, the sum last, to be decoded. notes: what was done to make pictures fit.
    """

    text: str
    wish: SheetWish | None = None
    problem: str = ""
    notes: str = ""


@dataclass(frozen=True, eq=False)
class SumJob:
    """Computes a sum, as a function for a job.

    checkpoint: file of the model. encoded: the items that #12 counts, None where there are none. items: the same, where
    they are at hand. groups: named ones of these. condition: what the model is told when the terms are drawn.
    """

    checkpoint: str
    text: str
    encoded: EncodedItems | None
    items: DataItems | None = None
    groups: tuple[ItemGroup, ...] = ()
    condition: Condition = ()

    def __call__(self, report: Report, stop_requested: StopRequested) -> SummedCodes:
        """The sum, or why there is none. Raises `StoppedError` and `FailureError`."""
        prepare_thread()
        try:
            return self._summed(report, stop_requested)
        except UsageError as error:
            return SummedCodes(self.text, problem=str(error))

    def _summed(self, report: Report, stop_requested: StopRequested) -> SummedCodes:
        checkpoint = Path(self.checkpoint)
        header, model = read_header(checkpoint), load_model(checkpoint, choose_device("auto"))
        codes, columns = self._known(header)
        total = summed_codes(
            model,
            self.text,
            codes,
            columns,
            lambda: load_dataset(header.data.name, "test"),
            report=report,
            stop_requested=stop_requested,
        )
        drawn = np.stack([*(term.code for term in total.terms), total.code])
        titles = (*(term.title for term in total.terms), "=")
        notes = " ".join(f"{term.name} was {term.note}." for term in total.terms if term.note)
        return SummedCodes(self.text, SheetWish("terms", drawn, self.condition, len(titles), (), titles), "", notes)

    def _known(self, header: CheckpointHeader) -> tuple[NDArray[np.float32], AttributeColumns]:
        """Codes of the items, and all that may be named: also single items, and names as they are shown."""
        if self.encoded is None:
            return np.zeros((0, 1), np.float32), AttributeColumns((), np.zeros((0, 0)))
        known, columns = known_columns(header.data, self.encoded, self.items, self.groups)
        places = np.cumsum(known.members) - 1
        added: dict[str, NDArray[np.float64]] = {}
        for number in _ITEM.findall(self.text):
            self._check_item(int(number), known.members)
            # Codes of the map's items are known, so that none needs to be found again.
            added[f"#{number}"] = (np.arange(len(known.codes)) == places[int(number)]).astype(np.float64)
        titles = {name: attribute_title(name) for name in columns.known}
        if len(set(titles.values())) < len(titles):
            titles = {name: name for name in columns.known}
        # Names may be written as they are shown, or as they are in the data and in commands.
        added |= {name: columns.column(name) for name in columns.names if name != titles[name] and name in self.text}
        opposites = {titles[name]: titles[end] for name, end in columns.opposites.items()}
        opposites |= {name: titles[end] for name, end in columns.opposites.items() if name in self.text}
        values = np.column_stack([columns.values, *added.values()])
        return known.codes, AttributeColumns((*(titles[name] for name in columns.names), *added), values, opposites)

    def _check_item(self, place: int, members: NDArray[np.bool_]) -> None:
        if place >= len(members):
            raise UsageError(f"There is no item #{place}; the map has items #0 to #{len(members) - 1}.")
        if not members[place]:
            raise UsageError(f"The model gives item #{place} no code; choose another one.")
