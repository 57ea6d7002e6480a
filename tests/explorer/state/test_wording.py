"""Names as they are shown."""

import pytest

from explorer.state.wording import attribute_title, error_text, error_unit


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


def test_small_errors_are_told_by_their_size() -> None:
    assert [error_text(error) for error in (0.01234, 3e-7, 0.0)] == ["0.0123", "3e−07", "0 (exact)"]
