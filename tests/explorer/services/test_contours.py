"""Contours: where a prior and points of known laws must have theirs."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.services.contours import contours_in_steps, fitted_density, mass_levels, point_density, prior_outlines
from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.planes import MapPlane, map_plane
from explorer.services.tensors import MixtureLaw
from explorer.state.map_contours import MapContours
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.session_state import MapChoice, Spacing
from trainers.latent.mixture_prior import GaussianMixturePrior


def _facts(**changes: object) -> ModelFacts:
    facts = ModelFacts(
        "m", "p", 1, 3, ("z1", "z2", "z3"), (1.0, -2.0, 0.0), (1.0, 0.5, 1.0), (1, 8, 8), ("a", "b"), frozenset(),
        "digits", 1.0, 1, blocks=(BlockFacts("z", 0, 3),),
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]


def _plane(spacing: Spacing = "even") -> MapPlane:
    return map_plane(MapChoice(spacing=spacing), (0.0, 0.0, 0.0), _facts(), None)


def _encoded(codes: np.ndarray) -> EncodedItems:
    labels = np.arange(len(codes)) % 2
    return encoded_items(1, codes.astype(np.float32), None, labels, ("a", "b"), "items")


def _contours(encoded: EncodedItems | None, hidden: frozenset[str] = frozenset(), **changes: object) -> MapContours:
    *_, last = contours_in_steps(_plane(), _facts(**changes), encoded, hidden)
    assert last is not None
    return last


def test_the_prior_s_outlines_are_its_sigmas_in_the_plane() -> None:
    for sigmas, outline in zip((1, 2, 3), prior_outlines(_plane(), _facts()), strict=True):
        scaled = (outline - [1.0, -2.0]) / [1.0, 0.5]
        assert np.hypot(*scaled.T) == pytest.approx(sigmas)


def test_outlines_evenly_in_probability_lie_within_it() -> None:
    for outline in prior_outlines(_plane("probability"), _facts()):
        assert outline.min() >= 0.0
        assert outline.max() <= 1.0
        assert outline.mean(axis=0) == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_prior_that_is_not_normal_has_no_sigmas_and_says_so() -> None:
    found = _contours(None, blocks=(BlockFacts("z", 0, 3, "uniform"),))
    assert found.outlines == ()
    assert "not normal" in found.note
    assert "too few points" in found.note


def _fitted() -> GaussianMixturePrior:
    prior = GaussianMixturePrior(3, components=2)
    prior.weights.copy_(torch.tensor([0.3, 0.7]))
    prior.means.copy_(torch.tensor([[4.0, 0.0, 9.0], [-2.0, -1.0, 0.0]]))
    prior.factors.copy_(
        torch.tensor([[[0.5, 0, 0], [0.3, 0.8, 0], [0, 0, 5]], [[1.5, 0, 0], [-0.9, 0.4, 0], [1, 2, 3]]])
    )
    return prior


def _along(axes: np.ndarray) -> MixtureLaw:
    return MixtureLaw(_fitted().along(torch.from_numpy(axes)))


@pytest.mark.parametrize("spacing", ["even", "probability"])
def test_levels_of_a_fitted_prior_enclose_as_much_of_its_draws_as_sigmas_of_a_normal_law(spacing: Spacing) -> None:
    means, deviations = (tuple(moments.tolist()) for moments in _fitted().moments())
    facts = _facts(means=means, deviations=deviations)
    plane = map_plane(MapChoice(spacing=spacing), (0.0, 0.0, 0.0), facts, None)
    found = fitted_density(plane, _along)
    assert found is not None
    drawn = plane.plane.positions(_fitted().sample(40_000, generator=torch.Generator().manual_seed(0)).numpy())
    left, bottom, right, top = found.extent
    cells = np.floor((drawn - [left, bottom]) / [right - left, top - bottom] * found.heights.shape).astype(int)
    # The farthest draws lie beyond the rectangle.
    heights = found.heights[tuple(cells.clip(0, np.array(found.heights.shape) - 1).T)]
    for level, share in zip(found.levels, (0.393, 0.865, 0.989), strict=True):
        assert (heights >= level).mean() == pytest.approx(share, abs=0.02)


def test_a_fitted_prior_is_drawn_where_no_normal_one_is_and_a_line_has_none() -> None:
    facts = _facts(blocks=(BlockFacts("z", 0, 3, "empirical"),))
    *_, found = contours_in_steps(_plane(), facts, None, frozenset(), _along)
    assert found is not None
    assert found.fitted is not None
    assert found.note.startswith("dashed: 39, 86, 99 % of the fitted prior")
    *_, normal = contours_in_steps(_plane(), _facts(), None, frozenset(), _along)
    assert normal is not None
    assert (normal.fitted, len(normal.outlines)) == (None, 3)
    line = _facts(latent_size=1, means=(0.0,), deviations=(1.0,), dimension_names=("z1",))
    assert fitted_density(map_plane(MapChoice(), (0.0,), line, None), _along) is None


def test_levels_enclose_as_much_of_the_points_as_sigmas_of_a_normal_law() -> None:
    codes = np.random.default_rng(0).standard_normal((20_000, 3)) * [0.3, 2.0, 1.0] + [4.0, 5.0, 0.0]
    found = _contours(_encoded(codes))
    assert found.points is not None
    assert found.points.heights.sum() == pytest.approx(1.0)
    for level, share in zip(found.points.levels, (0.393, 0.865, 0.989), strict=True):
        assert found.points.heights[found.points.heights >= level].sum() == pytest.approx(share, abs=0.02)
    left, bottom, right, top = found.points.extent
    columns, rows = np.unravel_index(int(found.points.heights.argmax()), found.points.heights.shape)
    assert left + (columns + 0.5) / 64 * (right - left) == pytest.approx(4.0, abs=0.3)
    assert bottom + (rows + 0.5) / 64 * (top - bottom) == pytest.approx(5.0, abs=1.0)


def test_hidden_classes_do_not_count() -> None:
    codes = np.random.default_rng(0).standard_normal((2_000, 3))
    codes[1::2] += 10.0
    both, first = _contours(_encoded(codes)), _contours(_encoded(codes), frozenset({"b"}))
    assert both.points is not None
    assert first.points is not None
    assert both.points.extent[2] > 10.0
    assert first.points.extent[2] < 6.0


def test_points_without_a_place_are_left_out_and_counted() -> None:
    encoded = _encoded(np.random.default_rng(0).standard_normal((200, 3)))
    codes = encoded.codes.copy()
    codes[:7, 0] = np.nan
    found = _contours(replace(encoded, codes=codes))
    assert found.points is not None
    assert "7 without a place left out" in found.note


@pytest.mark.parametrize("positions", [np.zeros((0, 2)), np.ones((200, 2)), np.tile([[1.0, 2.0]], (49, 1))])
def test_too_few_points_or_points_on_one_spot_have_no_density(positions: np.ndarray) -> None:
    assert point_density(positions, None) is None


@given(
    st.lists(st.floats(0, 1, allow_subnormal=False), min_size=4, max_size=40).filter(
        lambda heights: sum(heights) > 1e-3
    )
)
def test_levels_fall(heights: list[float]) -> None:
    one, two, three = mass_levels(np.array([heights]))
    assert one >= two >= three
