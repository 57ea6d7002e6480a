import torch

from trainers.metrics.nearest_points import NearestPoints


def _grid(left: float) -> torch.Tensor:
    """A square of 10 × 10 points one step apart."""
    steps = torch.arange(10.0)
    return torch.cartesian_prod(steps + left, steps)


def _nearest() -> NearestPoints:
    return NearestPoints(torch.cat([_grid(0.0), _grid(50.0)]), torch.arange(200) // 100, ["left", "right"])


def test_points_belong_to_the_class_around_them_or_to_none() -> None:
    points = torch.tensor([[4.4, 4.4], [54.4, 4.4], [30.0, 4.0], [11.4, 9.0], [10.9, 9.0], [float("nan"), 0.0]])
    assert _nearest().classify(points).tolist() == [0, 1, -1, -1, 0, -1]


def test_the_cut_off_is_twice_the_usual_distance() -> None:
    assert _nearest().cut_off == 2.0
    assert "none beyond 2" in _nearest().title


def test_a_single_wrong_label_is_outvoted() -> None:
    labels = torch.zeros(100, dtype=torch.int64)
    labels[44] = 1
    nearest = NearestPoints(_grid(0.0), labels, ["a", "b"])
    assert nearest.classify(torch.tensor([[4.1, 4.1]])).tolist() == [0]


def test_many_points_are_thinned_over_their_whole_order() -> None:
    points = torch.cat([torch.randn(30_000, 2), torch.randn(30_000, 2) + 100.0])
    nearest = NearestPoints(points, torch.arange(60_000) // 30_000, ["a", "b"])
    assert nearest.classify(torch.tensor([[0.0, 0.0], [100.0, 100.0]])).tolist() == [0, 1]
