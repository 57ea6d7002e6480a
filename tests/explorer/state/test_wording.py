"""Names as they are shown."""

import pytest

from explorer.state.wording import attribute_title, error_unit


@pytest.mark.parametrize(
    ("name", "title"),
    [("hair_colour", "hair colour"), ("Male", "Male"), ("5_o_Clock__Shadow", "5 o Clock Shadow"), ("_", "_")],
)
def test_attributes_are_shown_as_words(name: str, title: str) -> None:
    assert attribute_title(name) == title


@pytest.mark.parametrize(
    ("shape", "unit"),
    [((2,), "per coordinate"), ((1, 8, 8), "per pixel"), ((3, 64, 64), "per pixel and channel")],
)
def test_errors_are_counted_per_number_of_an_item(shape: tuple[int, ...], unit: str) -> None:
    assert error_unit(shape) == unit
