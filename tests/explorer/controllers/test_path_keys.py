"""Which key points a model can use, and what it is asked."""

from typing import TYPE_CHECKING

import numpy as np

from explorer.controllers.path_keys import fewest_steps, key_point, path_keys
from explorer.services.paths import KeyPictures
from explorer.state.condition_facts import ConditionFacts
from explorer.state.path_values import KeyPoint, PathChoice

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open


def test_key_points_of_another_model_are_left_out_and_said(opened: "Open") -> None:
    here = opened(digest="ab", path="/runs/a/checkpoints/1.safetensors")
    other = opened(digest="cd", path="/models/b.safetensors")
    keys = (
        key_point("p", (0.0, 1.0), (), here),
        key_point("q", (2.0, 0.0), (), other),
        KeyPoint("r", (3.0,) * 2, (), "ab"),
    )
    found = path_keys(PathChoice(keys, steps=5), here)
    assert (found.places, found.letters) == ((0, 2), ("A", "C"))
    assert found.asked is not None
    assert found.asked.keys == (((0.0, 1.0), ()), ((3.0, 3.0), ()))
    shown = found.shown(KeyPictures(found.asked.keys, np.zeros((2, 8, 8, 1), np.uint8)))
    assert [bool(key.problem) for key in shown] == [False, True, False]
    assert [key.picture is None for key in shown] == [False, True, False]
    assert "another model" in shown[1].problem


def test_snapshots_of_a_run_share_its_key_points(opened: "Open") -> None:
    first, later = opened(digest="ab", path="/runs/moons-3"), opened(generation=2, digest="cd", path="/runs/moons-3")
    key = key_point("p", (0.0, 1.0), (), first)
    assert "/" not in key.run
    assert path_keys(PathChoice((key,)), later).places == (0,)
    # The same checkpoint found at another place is the same model.
    assert path_keys(PathChoice((key,)), opened(digest="ab", path="/elsewhere/x.safetensors")).places == (0,)
    assert path_keys(PathChoice((key,)), opened(digest="cd", path="/elsewhere/x.safetensors")).places == ()


def test_what_a_session_file_may_hold_is_bounded(opened: "Open") -> None:
    model = opened(digest="ab")
    key = KeyPoint("p", (0.0, 1.0), digest="ab")
    many = path_keys(PathChoice((key,) * 40, steps=-3, closed=True), model)
    assert len(many.keys) == 26
    assert many.asked is not None
    assert many.asked.steps == fewest_steps(26, closed=True) == 27
    assert len(many.asked.places) == 27
    wide = path_keys(PathChoice((key, key), steps=10**9), model)
    assert wide.asked is not None
    assert wide.asked.steps == 240
    broken = path_keys(PathChoice((KeyPoint("n", (float("nan"), 0.0), digest="ab"), key)), model)
    assert broken.places == (1,)
    assert "cannot be decoded" in broken.problems[0]


def test_a_condition_that_does_not_fit_is_the_usual_one(opened: "Open") -> None:
    classes = ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))
    model = opened(digest="ab", condition=classes)
    keys = (KeyPoint("p", (0.0, 1.0), (0.0, 1.0), "ab"), KeyPoint("q", (1.0, 1.0), (5.0,), "ab"))
    found = path_keys(PathChoice(keys), model)
    assert found.asked is not None
    assert [told for _, told in found.asked.keys] == [(0.0, 1.0), (1.0, 0.0)]
