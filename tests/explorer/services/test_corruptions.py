"""What a choice of corruption means for a model."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.corruptions import (
    ItemCorruption,
    fitting_corruption,
    item_corruption,
    shown_corruption,
    strength_range,
    trained_kind,
)
from explorer.services.data_items import load_data_items
from explorer.services.network import open_model
from explorer.state.item_groups import packed
from explorer.state.reconstruction_choices import CorruptionChoice, CorruptionKind
from trainers.errors import UsageError
from trainers.reporting import no_report

if TYPE_CHECKING:
    from explorer.state.model_facts import ModelFacts
    from tests.explorer.conftest import SaveStub


@pytest.fixture
def facts(stubs: "SaveStub") -> "ModelFacts":
    """Of a model that restores pictures with a missing rectangle of a quarter."""
    return open_model(str(stubs("restoring_stub")), 1).facts()


@pytest.fixture
def plain(facts: "ModelFacts") -> "ModelFacts":
    """Of a model that restores nothing."""
    return replace(facts, corruption="")


def test_nobody_chose_means_what_the_model_was_trained_on_and_nothing_for_others(
    facts: "ModelFacts", plain: "ModelFacts"
) -> None:
    assert fitting_corruption(CorruptionChoice(), facts) == CorruptionChoice("missing_rectangle", 0.25)
    assert fitting_corruption(CorruptionChoice(), plain) == CorruptionChoice("none")
    assert (trained_kind(facts), trained_kind(plain)) == ("missing_rectangle", "")
    assert item_corruption(CorruptionChoice("none"), facts) is None


@pytest.mark.parametrize(
    ("given", "strength"), [(0.0, 0.25), (0.5, 0.5), (7.0, 0.95), (-1.0, 0.05)], ids=["usual", "own", "high", "low"]
)
def test_a_strength_lies_where_it_may(facts: "ModelFacts", given: float, strength: float) -> None:
    fitting = fitting_corruption(CorruptionChoice("missing_rectangle", given, -3), facts)
    assert (fitting.strength, fitting.seed) == (strength, 3)
    done = item_corruption(fitting, facts)
    assert done is not None
    assert done.settings is not None
    assert (done.settings.kind, done.settings.missing_side, done.seed) == ("missing_rectangle", strength, 3)


def test_scales_are_whole_and_a_mix_has_no_strength(facts: "ModelFacts") -> None:
    bounds = strength_range("down_scaling")
    assert bounds is not None
    assert (bounds.lowest, bounds.highest, bounds.is_whole) == (2, 4, True)
    done = item_corruption(fitting_corruption(CorruptionChoice("down_scaling", 3.4), facts), facts)
    assert done is not None
    assert done.settings is not None
    assert done.settings.scale == 3
    assert strength_range("mix") is strength_range("none") is strength_range("painted_mask") is None
    mixed = item_corruption(fitting_corruption(CorruptionChoice("mix"), facts), facts)
    assert mixed is not None
    assert mixed.settings is not None
    assert (mixed.settings.kind, mixed.settings.missing_side) == ("mix", 0.25)


def test_a_painted_mask_hides_its_pixels_in_every_item(facts: "ModelFacts") -> None:
    mask = np.zeros((8, 8), dtype=bool)
    mask[2:5, 1:3] = True
    choice = CorruptionChoice("painted_mask", mask=packed(mask.ravel()), mask_shape=(8, 8))
    done = item_corruption(fitting_corruption(choice, facts), facts)
    assert isinstance(done, ItemCorruption)
    items = load_data_items(open_model(facts.path, 1).header.data, no_report)
    seen = done.of(items, np.array([3, 9]))
    assert (seen[:, 0][:, mask] == 0.5).all()
    assert seen[:, 0][:, ~mask] == pytest.approx(items.images[[3, 9], 0][:, ~mask] / 255.0)


def test_a_mask_of_other_pictures_is_refused_and_one_not_begun_is_none(facts: "ModelFacts") -> None:
    other = CorruptionChoice("painted_mask", mask=packed(np.ones(9, dtype=bool)), mask_shape=(3, 3))
    with pytest.raises(UsageError, match=r"3 × 3.* 8 × 8"):
        fitting_corruption(other, facts)
    assert shown_corruption(other, facts) is other
    empty = item_corruption(fitting_corruption(CorruptionChoice("painted_mask"), facts), facts)
    assert empty is not None
    assert empty.known.all()


def test_points_cannot_be_corrupted(facts: "ModelFacts") -> None:
    points = replace(facts, frame=(-1.0, -1.0, 1.0, 1.0))
    assert fitting_corruption(CorruptionChoice("mix"), points) == CorruptionChoice("none")


@pytest.mark.parametrize("kind", ["gaussian_noise", "salt_and_pepper", "missing_rectangle", "down_scaling"])
def test_the_lowest_strength_is_that_and_not_the_usual_one(plain: "ModelFacts", kind: CorruptionKind) -> None:
    bounds = strength_range(kind)
    assert bounds is not None
    lowest = fitting_corruption(CorruptionChoice(kind, bounds.lowest), plain)
    assert lowest.strength == bounds.lowest
