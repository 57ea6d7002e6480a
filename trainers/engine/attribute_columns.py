"""What is known of items, as columns of numbers between which directions lead: classes, attributes, groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.latent.group_directions import group_values, groups_of
from trainers.registry import unknown_name

# Places of the items at the start and at the end of a direction.
Groups = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, eq=False)
class AttributeColumns:
    """Named columns of numbers, one row per item.

    values: (count, columns), NaN where an item has no number; of a class, 1 for its items and 0 for all others.
    opposites: names for what another column is not, such as the first of two classes.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    opposites: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> tuple[str, ...]:
        """Every name that says something of the items."""
        return (*self.names, *self.opposites)

    def members(self, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Items (count,) that a name is not true of, and those it is, see `groups_of`; raises `UsageError`."""
        if name not in self.opposites:
            return groups_of(name, self.column(name))
        low, high = self.members(self.opposites[name])
        return high, low

    def places(self, chosen: Sequence[str]) -> list[int]:
        """Where some columns stand, all of them where none is chosen; raises `UsageError` for an unknown name."""
        for name in chosen:
            if name not in self.names:
                raise UsageError(unknown_name("class or attribute", name, self.names))
        return [self.names.index(name) for name in chosen] if chosen else list(range(len(self.names)))

    def column(self, name: str) -> NDArray[np.float64]:
        """One column (count,); raises `UsageError` for an unknown name."""
        return self.values[:, self.places([name])[0]]


def attribute_columns(
    spec: DataSpec,
    count: int,
    labels: NDArray[np.integer] | None = None,
    attributes: NDArray[np.floating] | None = None,
    groups: Mapping[str, Groups] | None = None,
) -> AttributeColumns:
    """All that is known of the first `count` items: attributes, classes, then groups.

    Of two classes the second one is a column and the first its opposite, of more each is one, against all others. A
    class that is called like an attribute is named "class …".
    labels, attributes: (items, …), columns as in the spec.
    groups: places of the items at either end, by name. Raises `UsageError` for groups that are empty, share items, name
    items that are not there, or are called like something else.
    """
    names: list[str] = []
    columns: list[NDArray[np.float64]] = []
    opposites: dict[str, str] = {}
    if attributes is not None:
        names += spec.attribute_names
        columns += list(np.asarray(attributes[:count], np.float64).T)
    if labels is not None and len(spec.class_names) > 1:
        classes = range(1 if len(spec.class_names) == 2 else 0, len(spec.class_names))
        for number in classes:
            name = spec.class_names[number]
            names.append(f"class {name}" if name in names else name)
            columns.append((labels[:count] == number).astype(np.float64))
        if len(spec.class_names) == 2 and spec.class_names[0] not in names:
            opposites[spec.class_names[0]] = names[-1]
    for name, (start, end) in (groups or {}).items():
        if name in (*names, *opposites):
            raise UsageError(f"The group {name} is called like a class or attribute; give it another name.")
        names.append(name)
        columns.append(_group_column(name, start, end, count))
    return AttributeColumns(tuple(names), np.stack(columns, axis=1) if columns else np.zeros((count, 0)), opposites)


def _group_column(name: str, start: Sequence[int], end: Sequence[int], count: int) -> NDArray[np.float64]:
    members = np.zeros((2, count), bool)
    for row, places in zip(members, (start, end), strict=True):
        outside = [place for place in places if not 0 <= place < count]
        if outside:
            raise UsageError(f"{name}: there is no item #{outside[0]} among the {count:,} encoded ones; choose others.")
        row[list(places)] = True
    return group_values(members[0], members[1], (f"the start of {name}", f"the end of {name}"))
