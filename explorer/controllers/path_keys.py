"""Which key points of a path the open model can decode, and what is asked of it."""

import math
from dataclasses import dataclass
from pathlib import Path

from explorer.controllers.code_controller import code_caption
from explorer.services.opening import Opened
from explorer.services.paths import KeyPictures, PathAsked
from explorer.state.path_values import FEWEST_STEPS, MOST_KEYS, MOST_STEPS, KeyPoint, PathChoice, ShownKey, key_letter

_LARGEST = 1e6
_CHECKPOINT = ".safetensors"
_FOREIGN = "This key point belongs to another model; it is left out until that one is open again"
_DAMAGED = "This key point has a code that cannot be decoded; remove it"


@dataclass(frozen=True)
class PathKeys:
    """The key points of a choice as the open model sees them; `places` are those of `keys` that a path goes through."""

    keys: tuple[KeyPoint, ...]
    places: tuple[int, ...]
    problems: tuple[str, ...]
    asked: PathAsked | None

    @property
    def letters(self) -> tuple[str, ...]:
        """Of the key points that the path goes through."""
        return tuple(key_letter(place) for place in self.places)

    def shown(self, pictured: KeyPictures | None) -> tuple[ShownKey, ...]:
        """The key points with those pictures that are known."""
        known = {} if pictured is None else dict(zip(pictured.keys, pictured.pictures, strict=True))
        wanted = dict(zip(self.places, self.asked.keys, strict=True)) if self.asked is not None else {}
        return tuple(
            ShownKey(
                key_letter(place),
                key.name,
                code_caption(key.code),
                known.get(wanted.get(place, (key.code, key.condition))),
                problem,
            )
            for place, (key, problem) in enumerate(zip(self.keys, self.problems, strict=True))
        )


def key_point(name: str, code: tuple[float, ...], condition: tuple[float, ...], opened: Opened) -> KeyPoint:
    """A key point of the open model."""
    return KeyPoint(name, code, condition, opened.facts.digest, run_name(opened))


def run_name(opened: Opened) -> str:
    """The run that is open, by the name of its folder: its snapshots share their key points. Empty for a file."""
    # Never the whole path: sessions go into pictures that others may see.
    return "" if opened.path.endswith(_CHECKPOINT) else Path(opened.path).name


def path_keys(choice: PathChoice, opened: Opened) -> PathKeys:
    """What is asked of the open model for a choice; a session file may hold anything."""
    keys = choice.keys[:MOST_KEYS]
    problems = tuple(_problem(key, opened) for key in keys)
    places = tuple(place for place, problem in enumerate(problems) if not problem)
    if not places:
        return PathKeys(keys, places, problems, None)
    told = opened.facts.condition
    decoded = tuple((keys[place].code, told.fitting(keys[place].condition)) for place in places)
    steps = min(max(choice.steps, fewest_steps(len(places), choice.closed)), MOST_STEPS)
    return PathKeys(keys, places, problems, PathAsked(decoded, choice.kind, steps, choice.closed))


def fewest_steps(keys: int, closed: bool) -> int:
    """How many steps a path must have, so that each key point is one of them."""
    return max(keys + closed, FEWEST_STEPS)


def _problem(key: KeyPoint, opened: Opened) -> str:
    is_theirs = key.digest == opened.facts.digest or (key.run and key.run == run_name(opened))
    if not is_theirs or len(key.code) != opened.facts.latent_size:
        return _FOREIGN
    return "" if all(math.isfinite(value) and abs(value) < _LARGEST for value in key.code) else _DAMAGED
