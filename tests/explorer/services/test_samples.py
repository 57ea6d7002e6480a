"""Samples: one temperature or a rising one, every class in turn or one for all."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.network import OpenModel, open_model
from explorer.services.samples import DrawnSamples, SamplesWish, decode_samples, draw_codes, draw_items, recognise
from tests.explorer.stub_models import ATTRIBUTES, CLASSES, TWO_LEVELS
from trainers.data.catalogue import load_dataset
from trainers.engine.classifier_training import classifier_path
from trainers.errors import StoppedError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

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


class BrightHalves:
    """Takes a picture for class 1 where its left half is brighter than its right one."""

    class_names = ("right", "left")
    title = "halves"

    def classify(self, images: "Tensor") -> "Tensor":
        half = images.shape[-1] // 2
        return (images[..., :half].mean(dim=(1, 2, 3)) > images[..., half:].mean(dim=(1, 2, 3))).long()


def _seen(model: OpenModel, wish: SamplesWish) -> DrawnSamples:
    *_, seen = decode_samples(model, draw_items(model, wish, no_report, never))
    assert seen is not None
    return seen


def test_a_model_that_decodes_number_by_number_says_how_far_it_is(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("drawing_stub")), 1)
    told: list[float] = []
    drawn = draw_items(model, SamplesWish(5, 0), lambda share, _what: told.append(share), never)
    assert told == [row / 8 for row in range(1, 9)]
    assert drawn.items == pytest.approx(model.decode_values(drawn.codes))
    with pytest.raises(StoppedError):
        draw_items(model, SamplesWish(5, 0), no_report, lambda: True)


def test_other_models_leave_the_decoding_to_short_steps(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub")), 1)
    assert draw_items(model, SamplesWish(5, 0), no_report, never).items is None


def test_samples_are_recognised_when_drawn_and_later(stubs: "SaveStub", monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(str(stubs("stub")), 1)
    lacking = _seen(model, SamplesWish(40, 0))
    assert lacking.classes is None
    assert lacking.missing is not None
    assert lacking.missing.name == "digits"
    monkeypatch.setattr(model, "classifier", BrightHalves)
    left = lacking.pictures[:, :, :4].mean(axis=(1, 2, 3)) > lacking.pictures[:, :, 4:].mean(axis=(1, 2, 3))
    assert 0 < left.sum() < 40
    for seen in (_seen(model, SamplesWish(40, 0)), next(recognise(model, lacking))):
        assert seen.classes is not None
        assert (seen.classes == left).all()
        assert (seen.recognised_by, seen.missing) == ("halves", None)


def test_a_damaged_classifier_costs_no_samples(
    stubs: "SaveStub", monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    file = classifier_path(load_dataset("digits", "train").spec)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no weights")
    seen = _seen(open_model(str(stubs("stub")), 1), SamplesWish(3, 0))
    assert len(seen.pictures) == 3
    assert seen.classes is None
    assert seen.missing is not None
