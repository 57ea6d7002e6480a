"""Two groups of items that a direction leads between, named on the command line."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from trainers.errors import UsageError

GroupOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        metavar="NAME=PLACES:PLACES",
        help="Two groups of items by their places from 0, such as mine=0,4,9:20-29, and what leads from the first to "
        "the second; may be repeated.",
    ),
]
_PLACES = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")
_MOST = 10_000_000


def parse_groups(texts: Sequence[str] | None) -> dict[str, tuple[list[int], list[int]]]:
    """Places at the start and at the end of each direction, by its name; raises `UsageError`."""
    groups: dict[str, tuple[list[int], list[int]]] = {}
    for text in texts or ():
        name, _, ends = text.partition("=")
        name = name.strip()
        parts = [part.replace(" ", "") for part in ends.split(":")]
        if not name or len(parts) != 2 or not all(_PLACES.fullmatch(part) for part in parts):
            raise UsageError(
                f"--group {text[:60]} is not allowed: write two groups of items, such as mine=0,4,9:20-29."
            )
        if name in groups:
            raise UsageError(f"--group {name} is given twice; give every one a name of its own.")
        groups[name] = (_places(parts[0]), _places(parts[1]))
    return groups


def _places(text: str) -> list[int]:
    found: set[int] = set()
    for word in text.split(","):
        first, _, last = word.partition("-")
        start, end = int(first), int(last or first)
        if end < start or end - start >= _MOST:
            raise UsageError(f"--group cannot hold the items {word}: write the smaller place first, such as 20-29.")
        found.update(range(start, end + 1))
    return sorted(found)
