import pytest
import torch

from trainers.errors import StoppedError, UsageError
from trainers.metrics import nearest_training_items as module
from trainers.metrics.nearest_training_items import nearest_training_items


def test_the_nearest_is_that_of_an_exhaustive_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAMPLES_AT_ONCE", 7)
    monkeypatch.setattr(module, "_ITEMS_AT_ONCE", 11)
    generator = torch.Generator().manual_seed(0)
    items = torch.randint(0, 256, (45, 1, 5, 4), generator=generator, dtype=torch.uint8)
    samples = torch.rand(20, 1, 5, 4, generator=generator)

    found = nearest_training_items(samples, items)

    every = (samples[:, None] - items[None] / 255.0).square().flatten(2).mean(dim=2).sqrt()
    assert torch.equal(found.places, every.argmin(dim=1))
    torch.testing.assert_close(found.distances, every.min(dim=1).values)


def test_a_copy_is_at_no_distance_and_the_first_of_equals_counts() -> None:
    items = torch.randint(0, 256, (30, 3, 8, 8), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    items[25] = items[4]
    found = nearest_training_items(items[[4, 29]] / 255.0, items)
    assert found.places.tolist() == [4, 29]
    assert found.distances.tolist() == [0.0, 0.0]


def test_points_are_taken_as_they_are() -> None:
    found = nearest_training_items(torch.tensor([[3.0, 4.0]]), torch.tensor([[-9.0, 9.0], [0.0, 0.0]]))
    assert found.places.tolist() == [1]
    assert found.distances.item() == pytest.approx((25.0 / 2.0) ** 0.5)


def test_progress_ends_at_the_whole_and_a_stop_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ITEMS_AT_ONCE", 10)
    shares: list[float] = []
    samples, items = torch.zeros(2, 4), torch.zeros(25, 4)
    nearest_training_items(samples, items, lambda share, _what: shares.append(share))
    assert shares == [0.4, 0.8, 1.0]
    with pytest.raises(StoppedError):
        nearest_training_items(samples, items, stop_requested=lambda: True)


def test_items_that_cannot_be_searched_are_refused() -> None:
    with pytest.raises(UsageError, match="no training items"):
        nearest_training_items(torch.zeros(2, 4), torch.zeros(0, 4))
    with pytest.raises(ValueError, match="cannot be near"):
        nearest_training_items(torch.zeros(2, 4), torch.zeros(3, 5))
