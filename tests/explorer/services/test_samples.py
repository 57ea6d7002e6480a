"""Samples: one temperature or a rising one, every class in turn or one for all."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.network import OpenModel, open_model
from explorer.services.samples import SamplesWish, draw_codes
from tests.explorer.stub_models import ATTRIBUTES, CLASSES, TWO_LEVELS
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from explorer.services.samples import DrawnCodes
    from tests.explorer.conftest import SaveStub


def _draw(model: OpenModel, wish: SamplesWish) -> "DrawnCodes":
    return draw_codes(model, wish, no_report, never)


def test_every_class_comes_in_turn_and_names_its_column(stubs: "SaveStub") -> None:
    drawn = _draw(open_model(str(stubs("stub", condition=CLASSES)), 1), SamplesWish(25, 3))
    assert drawn.conditions.argmax(axis=1).tolist() == [*range(10), *range(10), *range(5)]
    assert drawn.column_titles == CLASSES.names


def test_one_condition_holds_for_all(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", condition=ATTRIBUTES)), 1)
    assert (_draw(model, SamplesWish(3, 0, condition=(0.5, 3.0))).conditions == [[0.5, 3.0]] * 3).all()
    assert (_draw(model, SamplesWish(3, 0)).conditions == [[0.0, 2.0]] * 3).all()
    assert _draw(model, SamplesWish(3, 0)).column_titles == ()


def test_temperatures_scale_their_levels(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", TWO_LEVELS)), 1)
    full = _draw(model, SamplesWish(6, 1, (1.0, 1.0))).codes
    cooled = _draw(model, SamplesWish(6, 1, (1.0, 0.25))).codes
    assert cooled == pytest.approx(full * np.array([1, 1, 1, 1, 0.25, 0.25]))


def test_rising_columns_have_the_same_noise(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", TWO_LEVELS, CLASSES)), 1)
    drawn = _draw(model, SamplesWish(39, 2, (1.0, 0.5), rising=True))
    rows = drawn.codes.reshape(3, 10, 6)
    shares = np.linspace(0.1, 1.0, 10)
    assert rows == pytest.approx(rows[:, -1:] * shares[:, None], abs=1e-6)
    assert drawn.conditions.reshape(3, 10, 10).argmax(axis=2).tolist() == [[0] * 10, [1] * 10, [2] * 10]
    assert len(drawn.column_titles) == 10
