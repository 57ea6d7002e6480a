"""Settings: what is accepted, and what a person reads when something is not."""

from typing import Annotated, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator

from trainers.config import Config, setting_fields
from trainers.errors import UsageError

_NAMES = "heat, trays, mode, light, minutes, label, shelf"
_MINUTES = "it must be a list of whole numbers such as [64, 32] with 1 to 4 entries, each from 1 to 90"


class Oven(Config):
    heat: float = Field(default=180.0, gt=0.0, le=300.0, description="degrees")
    trays: int = Field(default=2, ge=1, le=4, description="how many")
    mode: Literal["fan", "grill"] = Field(default="fan", description="kind of heat")
    light: bool = Field(default=True, description="lamp")
    minutes: tuple[Annotated[int, Field(ge=1, le=90)], ...] = Field(
        default=(10,), min_length=1, max_length=4, description="of each tray"
    )
    label: str = Field(default="", description="name")
    shelf: int | None = Field(default=None, ge=1, description="which, or any")

    @model_validator(mode="after")
    def _grill_takes_one_tray(self) -> Self:
        if self.mode == "grill" and self.trays > 1:
            raise ValueError("the grill takes one tray; set trays = 1")
        return self


def _refusal(**values: object) -> str:
    with pytest.raises(UsageError) as caught:
        Oven.from_values(values)
    return str(caught.value)


def test_assignments_are_read_as_json_or_as_words() -> None:
    oven = Oven.from_assignments(["heat=200", "mode=grill", "trays=1", "light=false", "minutes=[5, 6]", "label=pie=1"])

    assert oven == Oven(heat=200.0, mode="grill", trays=1, light=False, minutes=(5, 6), label="pie=1")


def test_assignments_are_laid_over_values() -> None:
    assert Oven.from_assignments(["trays=3"], {"trays": 1, "heat": 90.0}) == Oven(trays=3, heat=90.0)


@given(
    heat=st.floats(0.5, 300.0), trays=st.integers(1, 4), minutes=st.lists(st.integers(1, 90), min_size=1, max_size=4)
)
def test_settings_survive_json(heat: float, trays: int, minutes: list[int]) -> None:
    oven = Oven(heat=heat, trays=trays, minutes=tuple(minutes))

    assert Oven.model_validate_json(oven.model_dump_json()) == oven


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"trays": 9}, "trays = 9 is not allowed: it must be a whole number from 1 to 4."),
        ({"trays": 1.5}, "trays = 1.5 is not allowed: it must be a whole number from 1 to 4."),
        ({"heat": float("nan")}, "heat = NaN is not allowed: it must be a number above 0 and at most 300."),
        ({"heat": "hot"}, "heat = hot is not allowed: it must be a number above 0 and at most 300."),
        ({"mode": "steam"}, "mode = steam is not allowed: choose one of fan, grill."),
        ({"tray": 2}, f"There is no setting named 'tray'; did you mean trays? known: {_NAMES}."),
        ({"minutes": [5, 0]}, f"minutes = 0 is not allowed: {_MINUTES}."),
        ({"minutes": "many"}, f"minutes = many is not allowed: {_MINUTES}."),
        ({"minutes": []}, f"minutes = [] is not allowed: {_MINUTES}."),
        ({"trays": True}, "trays = true is not allowed: it must be a whole number from 1 to 4."),
        ({"minutes": [True]}, f"minutes = [true] is not allowed: {_MINUTES}."),
        ({"shelf": 0}, "shelf = 0 is not allowed: it must be a whole number of at least 1."),
        ({"shelf": True}, "shelf = true is not allowed: it must be a whole number of at least 1."),
        ({"light": "often"}, "light = often is not allowed: it must be true or false."),
        ({"mode": "grill"}, "the grill takes one tray; set trays = 1."),
    ],
)
def test_a_wrong_setting_is_one_sentence(values: dict[str, object], sentence: str) -> None:
    assert _refusal(**values) == sentence


def test_an_assignment_without_a_value_is_refused() -> None:
    with pytest.raises(UsageError, match="write it as name=value"):
        Oven.from_assignments(["trays"])


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 100_000], ids=["digits", "brackets"])
def test_text_that_json_cannot_take_is_a_word(text: str) -> None:
    with pytest.raises(UsageError, match=r"trays = .* is not allowed"):
        Oven.from_assignments([f"trays={text}"])


def test_no_number_may_be_infinite() -> None:
    class Unbounded(Config):
        value: float = Field(default=0.0, description="any number")

    for value in (float("inf"), float("nan")):
        with pytest.raises(UsageError, match="it must be a number"):
            Unbounded.from_values({"value": value})


def test_a_wrong_value_is_not_printed_in_full() -> None:
    assert len(_refusal(trays="9" * 1000)) < 200


def test_fields_describe_what_a_form_needs() -> None:
    fields = {field.name: field for field in setting_fields(Oven)}

    assert [fields[name].kind for name in fields] == [
        *("number", "integer", "choice", "switch", "numbers", "text", "integer")
    ]
    assert (fields["trays"].minimum, fields["trays"].maximum) == (1, 4)
    assert (fields["heat"].minimum, fields["heat"].maximum) == (0.0, 300.0)
    assert fields["mode"].choices == ("fan", "grill")
    assert fields["minutes"].default == (10,)
    assert fields["light"].description == "lamp"
