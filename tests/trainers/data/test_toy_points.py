import numpy as np
import pytest
import torch

from trainers.data.batching import BatchStream, evaluation_batches
from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import Split
from trainers.data.toy_points import TOY_POINTS

NAMES = [source.name for source in TOY_POINTS]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("split", "count"), [("train", 20_000), ("test", 4_000)])
def test_points_are_floats_around_the_origin(name: str, split: Split, count: int) -> None:
    dataset = load_dataset(name, split)

    assert dataset.spec.kind == "points"
    assert dataset.spec.shape == (2,)
    assert dataset.spec.count == 20_000
    assert dataset.images.shape == (count, 2)
    assert dataset.images.dtype == torch.float32
    assert 2.0 < float(dataset.images.abs().quantile(0.999)) < 4.5
    assert float(dataset.images.mean(dim=0).abs().max()) < 1.0
    if dataset.labels is not None:
        assert dataset.labels.bincount().numpy() == pytest.approx(count / len(dataset.spec.class_names), rel=0.15)


@pytest.mark.parametrize("name", NAMES)
def test_splits_are_different_draws_of_one_density(name: str) -> None:
    train, test = (load_dataset(name, split).images for split in ("train", "test"))

    assert not torch.isin(test, train).all(dim=1).any()
    assert torch.allclose(train.mean(dim=0), test.mean(dim=0), atol=0.15)
    assert torch.allclose(train.std(dim=0), test.std(dim=0), rtol=0.05)


@pytest.mark.parametrize("source", TOY_POINTS, ids=NAMES)
def test_every_reading_gives_the_same_points(source: object) -> None:
    from trainers.data.dataset_source import DatasetSource
    from trainers.reporting import no_report

    assert isinstance(source, DatasetSource)
    first, second = (source.read(no_report).splits["train"].images for _ in range(2))
    assert torch.equal(first, second)


def test_gaussians_lie_where_their_names_say() -> None:
    dataset = load_dataset("eight_gaussians", "train")
    assert dataset.labels is not None
    for name, place in (("east", (3.0, 0.0)), ("north", (0.0, 3.0)), ("south-west", (-2.121, -2.121))):
        of_class = dataset.images[dataset.labels == dataset.spec.class_names.index(name)]
        assert of_class.mean(dim=0).tolist() == pytest.approx(place, abs=0.03)
        assert of_class.std(dim=0).tolist() == pytest.approx((0.3, 0.3), abs=0.02)


def test_rings_and_moons_are_labelled_by_where_they_lie() -> None:
    circles = load_dataset("circles", "train")
    assert circles.labels is not None
    for name, radius in (("outer", 3.0), ("inner", 1.5)):
        of_class = circles.images[circles.labels == circles.spec.class_names.index(name)]
        assert float(of_class.norm(dim=1).mean()) == pytest.approx(radius, abs=0.02)
    moons = load_dataset("moons", "train")
    assert moons.labels is not None
    heights = [float(moons.images[moons.labels == label, 1].mean()) for label in range(2)]
    assert moons.spec.class_names == ("upper", "lower")
    assert heights[0] > heights[1] + 0.5


def test_heart_is_drawn_evenly() -> None:
    points = load_dataset("heart", "train").images.numpy()
    # Half of the line lies on each side, and no corner holds more than its share of it.
    assert abs(float((points[:, 0] > 0).mean()) - 0.5) < 0.02
    corner = np.hypot(points[:, 0], points[:, 1] - points[:, 1].min()) < 0.6
    assert 0.02 < float(corner.mean()) < 0.08


def test_batches_hold_the_points_as_they_are() -> None:
    dataset = load_dataset("moons", "test")
    generator = torch.Generator().manual_seed(0)
    stream = BatchStream(dataset, 64, 0, torch.device("cpu"), "none")
    batch = next(stream.epoch(0, generator))
    assert torch.equal(batch.images, dataset.images[batch.indices])
    whole = torch.cat([part.images for part in evaluation_batches(dataset, 999, torch.device("cpu"), "none", 0)])
    assert torch.equal(whole, dataset.images)
    assert torch.equal(dataset.scaled(slice(5)), dataset.images[:5])
    assert torch.allclose(dataset.mean_image(), dataset.images.mean(dim=0), atol=1e-5)
