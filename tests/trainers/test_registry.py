"""Registries refuse a name twice and help with one that does not exist."""

import pytest

from trainers.errors import UsageError
from trainers.registry import Registry


def _animals() -> Registry[str]:
    registry: Registry[str] = Registry("animal")
    registry.register("zebra")("striped")
    registry.register("horse")("plain")
    return registry


def test_an_entry_is_found_under_its_name() -> None:
    assert _animals()["zebra"] == "striped"


def test_names_are_in_alphabetical_order() -> None:
    assert list(_animals()) == ["horse", "zebra"]
    assert "horse" in _animals()
    assert "house" not in _animals()


def test_the_same_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'zebra' is registered twice"):
        _animals().register("zebra")("spotted")


def test_an_unknown_name_gives_the_nearest_and_all_known() -> None:
    with pytest.raises(UsageError) as caught:
        _animals()["zebras"]

    assert str(caught.value) == "There is no animal named 'zebras'; did you mean zebra? known: horse, zebra."


def test_an_unknown_name_unlike_any_other_lists_all_known() -> None:
    with pytest.raises(UsageError) as caught:
        _animals()["qqq"]

    assert str(caught.value) == "There is no animal named 'qqq'; known: horse, zebra."
