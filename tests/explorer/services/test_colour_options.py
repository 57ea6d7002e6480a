"""What points can be coloured by, and the reasons why not."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from explorer.services.colour_options import colour_options, fitting_colour
from explorer.services.data_items import DataItems
from explorer.services.encodings import encoded_items
from explorer.services.opening import Opened
from explorer.state.model_facts import ModelFacts
from explorer.state.point_colour import PointColour
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems

_ALL = frozenset({"encoder", "likelihood"})


def _items(attributes: tuple[str, ...] = ()) -> DataItems:
    spec = DataSpec(name="digits", shape=(1, 8, 8), fingerprint="", attribute_names=attributes)
    table = np.zeros((50, len(attributes)), np.float32) if attributes else None
    return DataItems(np.zeros((50, 1, 8, 8), np.uint8), None, spec, table)


def _encoded(source: Literal["test", "train", "samples"] = "test") -> "EncodedItems":
    return replace(encoded_items(1, np.eye(50, 2, dtype=np.float32), None, None, (), "items"), source=source)


def _opened(capabilities: frozenset[str] = _ALL, classes: tuple[str, ...] = ("a",), **parts: object) -> Opened:
    facts = ModelFacts(
        "m", "p", 1, 2, ("z1", "z2"), (0.0, 0.0), (1.0, 1.0), (1, 8, 8), classes, capabilities, "digits", 1.0, 1
    )
    given: dict[str, Any] = {"encoded": _encoded(), "items": _items()} | parts
    return Opened("p", 1, facts, **given)


def _reasons(opened: Opened) -> dict[str, str]:
    return {option.text: option.reason for option in colour_options(opened)}


def test_everything_is_possible_where_model_and_data_allow_it() -> None:
    reasons = _reasons(_opened(items=_items(("age", "smile"))))
    assert list(reasons) == ["By class", "One colour", "By error", "By likelihood", "By age", "By smile"]
    assert set(reasons.values()) == {""}


@pytest.mark.parametrize(
    ("opened", "text", "words"),
    [
        (_opened(classes=()), "By class", "no classes"),
        (_opened(frozenset({"likelihood"})), "By error", "no encoder"),
        (_opened(frozenset({"encoder", "sequential"})), "By error", "number by number"),
        (_opened(frozenset({"encoder"})), "By likelihood", "no likelihood"),
        (_opened(), "By attribute", "no attribute table"),
        (_opened(encoded=_encoded(source="samples")), "By error", "samples of the model"),
        (_opened(encoded=_encoded(source="train")), "By likelihood", "training items"),
        (_opened(encoded=None), "By error", "not there yet"),
        (_opened(items=None), "By attribute", "not there yet"),
        (_opened(items=None, items_problem="Download it."), "By error", "are not there"),
        (_opened(items=_items().part(slice(10))), "By error", "other items"),
    ],
)
def test_what_is_not_possible_says_why(opened: Opened, text: str, words: str) -> None:
    assert words in _reasons(opened)[text]


def test_a_choice_that_does_not_fit_gives_way_to_the_classes() -> None:
    error, smile = PointColour("error"), PointColour("attribute", "smile")
    assert fitting_colour(error, _opened()) == error
    assert fitting_colour(error, _opened(frozenset())) == PointColour()
    assert fitting_colour(smile, _opened(items=_items(("smile",)))) == smile
    assert fitting_colour(smile, _opened()) == PointColour()
    assert fitting_colour(PointColour("none"), _opened(frozenset(), items=None, encoded=None)) == PointColour("none")
