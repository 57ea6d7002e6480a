"""Names for things a person chooses between, such as models, datasets and metrics."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from trainers.errors import UsageError

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """A table from names to entries, filled by the decorator `register` when their modules are imported."""

    def __init__(self, kind: str) -> None:
        """`kind` is the singular noun used in messages, for example "model"."""
        self.kind = kind
        self._entries: dict[str, Entry] = {}

    def register(self, name: str) -> Callable[[Entry], Entry]:
        """Give the decorated entry a name; raises `ValueError` if the name is taken."""

        def add(entry: Entry) -> Entry:
            if name in self._entries:
                raise ValueError(f"the {self.kind} {name!r} is registered twice")
            self._entries[name] = entry
            return entry

        return add

    def __getitem__(self, name: str) -> Entry:
        if name not in self._entries:
            raise UsageError(unknown_name(self.kind, name, self.names()))
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def names(self) -> tuple[str, ...]:
        """All names in alphabetical order."""
        return tuple(sorted(self._entries))


def unknown_name(kind: str, name: str, known: Sequence[str]) -> str:
    """The sentence for a name that does not exist, with the nearest ones and the whole list."""
    nearest = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
    suggestion = f" did you mean {' or '.join(nearest)}?" if nearest else ""
    known_names = ", ".join(known) if known else "none"
    return f"There is no {kind} named {name!r};{suggestion} known: {known_names}."
