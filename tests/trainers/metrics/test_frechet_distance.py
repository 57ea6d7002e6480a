import math

import pytest
import torch

from trainers.metrics.frechet_distance import FeatureMoments, frechet_distance


def _moments(features: torch.Tensor, batch_size: int) -> FeatureMoments:
    moments = FeatureMoments()
    for part in features.split(batch_size):
        moments.add(part)
    return moments


def _distance(first: FeatureMoments, second: FeatureMoments) -> float:
    return frechet_distance(first.mean(), first.covariance(), second.mean(), second.covariance())


def test_two_known_gaussians_are_20_apart() -> None:
    zero, half, identity = torch.zeros(16), torch.full((16,), 0.5), torch.eye(16)
    assert frechet_distance(zero, identity, half, 4.0 * identity) == pytest.approx(20.0, abs=1e-9)
    assert frechet_distance(half, 4.0 * identity, zero, identity) == pytest.approx(20.0, abs=1e-9)


def test_samples_of_these_gaussians_are_about_as_far_apart() -> None:
    draws = torch.randn(2, 200_000, 16, generator=torch.Generator().manual_seed(0))
    assert _distance(_moments(draws[0], 1000), _moments(0.5 + 2.0 * draws[1], 1000)) == pytest.approx(20.0, rel=0.01)


def test_covariances_that_do_not_commute_have_the_distance_of_their_roots() -> None:
    """For two-by-two matrices tr (AB)^½ is √(tr AB + 2 √det AB)."""
    first = torch.tensor([[2.0, 0.9], [0.9, 1.0]], dtype=torch.float64)
    second = torch.tensor([[1.0, -0.4], [-0.4, 3.0]], dtype=torch.float64)
    product = first @ second
    root = math.sqrt(float(product.trace()) + 2.0 * math.sqrt(float(torch.linalg.det(product))))
    expected = float(first.trace() + second.trace()) - 2.0 * root
    mean = torch.zeros(2)
    assert frechet_distance(mean, first, mean, second) == pytest.approx(expected, abs=1e-12)


def test_a_set_is_at_no_distance_from_itself_however_it_is_batched() -> None:
    features = 100.0 + torch.randn(1500, 16, generator=torch.Generator().manual_seed(1)) @ torch.randn(16, 16)
    seven, thousand = _moments(features, 7), _moments(features, 1000)
    assert _distance(seven, seven) == pytest.approx(0.0, abs=1e-9)
    assert _distance(seven, thousand) == pytest.approx(0.0, abs=1e-9)
    other = _moments(features + 1.0, 1000)
    assert _distance(seven, other) == pytest.approx(_distance(thousand, other), rel=1e-9)
    assert _distance(seven, other) == pytest.approx(16.0, rel=1e-4)


def test_fewer_items_than_features_still_have_a_distance() -> None:
    few = torch.randn(5, 16, generator=torch.Generator().manual_seed(2))
    assert _distance(_moments(few, 2), _moments(few, 5)) == pytest.approx(0.0, abs=1e-6)
    assert _distance(_moments(few, 2), _moments(few + 2.0, 5)) == pytest.approx(64.0, rel=1e-5)


def test_moments_are_those_of_all_features_in_double_precision() -> None:
    features = 1e4 + torch.randn(999, 3, generator=torch.Generator().manual_seed(3))
    moments = _moments(features, 64)
    torch.testing.assert_close(moments.mean(), features.double().mean(dim=0), rtol=1e-12, atol=0.0)
    torch.testing.assert_close(moments.covariance(), features.double().T.cov(), rtol=1e-9, atol=1e-9)


def test_there_are_no_moments_of_nothing() -> None:
    moments = FeatureMoments()
    with pytest.raises(ValueError, match="no features"):
        moments.mean()
    moments.add(torch.zeros(1, 3))
    with pytest.raises(ValueError, match="at least two"):
        moments.covariance()
