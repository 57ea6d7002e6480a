"""Recipes as text: nothing is lost, and what cannot be used is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.data.corruption import Corruption
from trainers.errors import UsageError
from trainers.export.recipes import (
    CodesRecipe,
    HistoryRecipe,
    Recipe,
    ReconstructionsRecipe,
    SamplesRecipe,
    SliceRecipe,
    numbers_of,
    parse_recipe,
    recipe_text,
)

SLICE = SliceRecipe(
    origin=(0.5, 0.0, 1.0), axes=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), view=(-1.0, -2.0, 1.0, 2.0), rows=3, columns=2
)


@pytest.mark.parametrize(
    "recipe",
    [
        CodesRecipe(codes=((0.1, -2.5), (3.0, 1e-7)), columns=2, scale=3, column_titles=("a", "ü")),
        SamplesRecipe(count=8, seed=2**62, temperatures=(0.5, 1.0), shares=(0.1, 1.0), condition=(0.0, 1.0)),
        SLICE,
        ReconstructionsRecipe(items=(3, 1, 4), split="train", data="digits", steps=10),
        ReconstructionsRecipe(items=(3,), corruption=Corruption(kind="mix", blur=2.0), corruption_seed=4),
        HistoryRecipe(frame=SLICE, steps=(0, 469), digests=("ab", "cd"), captioned=False),
    ],
)
def test_a_recipe_comes_back_from_its_text(recipe: Recipe) -> None:
    assert parse_recipe(recipe_text(recipe)) == recipe


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_of_codes_become_the_same_32_bit_numbers_again(numbers: list[float]) -> None:
    codes = np.array([numbers], np.float32)
    again = parse_recipe(recipe_text(CodesRecipe(codes=numbers_of(codes))))
    assert isinstance(again, CodesRecipe)
    np.testing.assert_array_equal(np.array(again.codes, np.float32), codes)


def test_the_plane_of_a_slice_goes_through_its_origin() -> None:
    plane = SLICE.plane()
    np.testing.assert_allclose(plane.codes(plane.positions(np.array([SLICE.origin]))), [SLICE.origin])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "Invalid JSON"),
        ("[1]", "kind must be codes, samples, slice, edit, pair, rec"),
        ('{"kind": "poem"}', "kind must be codes, samples, slice, edit, pair, rec"),
        ('{"kind": "codes"}', "at codes"),
        ('{"kind": "history", "steps": [1], "frame": {"kind": "history"}}', "samples, slice or reconstructions"),
        ('{"kind": "history", "steps": [], "frame": {"kind": "samples"}}', "at steps"),
        ('{"kind": "history", "steps": [1], "digests": ["a", "b"], "frame": {"kind": "samples"}}', "one for each step"),
        (
            '{"kind": "history", "steps": [1], "frame": {"kind": "samples", "background": "transparent"}}',
            "cannot be transparent",
        ),
        ('{"kind": "codes", "codes": [[1], [1, 2]]}', "equally long"),
        ('{"kind": "codes", "codes": [[1], [2]], "conditions": [[1], [1], [1]]}', "one for each code"),
        ('{"kind": "codes", "codes": [[NaN]]}', "finite"),
        ('{"kind": "samples", "count": 0}', "at count"),
        ('{"kind": "samples", "colour": 1}', "at colour"),
        ('{"kind": "reconstructions", "items": [1], "corruption": {"kind": "fog"}}', "at corruption.kind"),
        ('{"kind": "reconstructions", "items": [1], "corruption": {}, "mask": "A"}', "a corruption or a mask"),
        ('{"kind": "slice", "origin": [0], "axes": [[1], [0, 1]], "view": [0, 0, 1, 1]}', "as long as the origin"),
        ('{"kind": "slice", "origin": [0], "axes": [[1], [0]], "view": [0, 0, 0, 1]}', "left before its right"),
    ],
)
def test_what_is_no_recipe_is_said(text: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        parse_recipe(text)
