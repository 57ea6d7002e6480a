from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.data.batch import Batch
from trainers.data.batching import BatchStream, epoch_order, evaluation_batches
from trainers.data.data_spec import Binarisation, DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError

CPU = torch.device("cpu")
MODES: tuple[Binarisation, ...] = ("none", "static", "dynamic")


def numbered(count: int, seed: int = 0) -> ImageDataset:
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 1, 3, 2), generator=generator, dtype=torch.uint8)
    places = torch.arange(count)
    spec = DataSpec(name="numbered", shape=(1, 3, 2), attribute_names=("place",))
    return ImageDataset(spec, "train", images, places, places.float().unsqueeze(1))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images_of(batches: Iterator[Batch]) -> torch.Tensor:
    return torch.cat([batch.images for batch in batches])


def test_batch_holds_what_its_indices_name(small_dataset: ImageDataset) -> None:
    source = generator()
    for batch in BatchStream(small_dataset, 8, 0, CPU, "none").epoch(0, source):
        assert batch.generator is source
        assert torch.equal(batch.images, small_dataset.scaled(batch.indices))
        assert batch.labels is not None
        assert batch.attributes is not None
        assert torch.equal(batch.labels, batch.indices)
        assert torch.equal(batch.attributes[:, 0], batch.indices.float())


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 2**40), epoch=st.integers(0, 10**6))
def test_epoch_visits_items_once(count: int, batch_size: int, seed: int, epoch: int) -> None:
    stream = BatchStream(numbered(count), batch_size, seed, CPU, "none")
    batches = list(stream.epoch(epoch, generator()))
    sizes = {len(batch.images) for batch in batches}
    indices = torch.cat([batch.indices for batch in batches])
    assert sizes == {min(batch_size, count)}
    assert len(batches) == stream.batches_per_epoch == max(1, count // batch_size)
    assert len(indices.unique()) == len(indices)
    assert 0 <= int(indices.min())
    assert int(indices.max()) < count


def test_order_depends_on_seed_and_epoch() -> None:
    orders = [tuple(epoch_order(50, seed, epoch).tolist()) for seed in range(5) for epoch in range(5)]
    assert len(set(orders)) == 25
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert orders[7] == tuple(epoch_order(50, 1, 2).tolist())


def test_every_item_comes_early_and_late() -> None:
    places = torch.stack([epoch_order(20, 0, epoch).argsort() for epoch in range(2000)]).float()
    # The mean place of an item is 9.5 with a standard error of 5.77 / √2000.
    assert float((places.mean(0) - 9.5).abs().max()) < 4.5 * 5.77 / 2000**0.5


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 60),
    batch_size=st.integers(1, 16),
    mode=st.sampled_from(MODES),
    data=st.data(),
)
def test_epoch_can_be_taken_up_anywhere(count: int, batch_size: int, mode: Binarisation, data: st.DataObject) -> None:
    stream = BatchStream(numbered(count), batch_size, 3, CPU, mode)
    start = data.draw(st.integers(0, stream.batches_per_epoch))
    whole, states, source = [], [], generator(9)
    for batch in stream.epoch(5, source):
        whole.append(batch)
        states.append(source.get_state())
    fresh = generator(9)
    if start > 0:
        fresh.set_state(states[start - 1])
    again = BatchStream(numbered(count), batch_size, 3, CPU, mode)
    rest = list(again.epoch(5, fresh, start=start))
    assert len(rest) == len(whole) - start
    for batch, expected in zip(rest, whole[start:], strict=True):
        assert torch.equal(batch.images, expected.images)
        assert torch.equal(batch.indices, expected.indices)


def test_dynamic_draws_differ_and_static_ones_do_not() -> None:
    dataset = numbered(64)
    for mode, same in (("static", True), ("dynamic", False)):
        draws = []
        for batch_size, epoch in ((64, 0), (16, 1)):
            stream = BatchStream(dataset, batch_size, epoch, CPU, mode)  # type: ignore[arg-type]
            batches = list(stream.epoch(epoch, generator(epoch)))
            indices = torch.cat([batch.indices for batch in batches])
            draws.append(torch.cat([batch.images for batch in batches])[indices.argsort()])
        assert torch.equal(*draws) == same
        assert set(draws[0].unique().tolist()) == {0.0, 1.0}


def test_training_and_evaluation_share_the_static_draw() -> None:
    dataset = numbered(40)
    batch = next(BatchStream(dataset, 40, 1, CPU, "static").epoch(0, generator()))
    evaluated = images_of(evaluation_batches(dataset, 7, CPU, "static", seed=5))
    assert torch.equal(batch.images, evaluated[batch.indices])
    test = images_of(evaluation_batches(replace(dataset, split="test"), 7, CPU, "static", seed=5))
    assert not torch.equal(test, evaluated)


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(1, 60),
    sizes=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    seed=st.integers(0, 2**31),
    mode=st.sampled_from(MODES),
)
def test_evaluation_is_the_same_for_any_batch_size(
    count: int, sizes: tuple[int, int], seed: int, mode: Binarisation
) -> None:
    dataset = numbered(count)
    first, second = (list(evaluation_batches(dataset, size, CPU, mode, seed)) for size in sizes)
    assert torch.equal(images_of(iter(first)), images_of(iter(second)))
    assert torch.cat([batch.indices for batch in first]).tolist() == list(range(count))
    assert [len(batch.images) for batch in first[:-1]] == [sizes[0]] * (len(first) - 1)
    labels = [batch.labels for batch in second if batch.labels is not None]
    assert torch.cat(labels).tolist() == list(range(count))


def test_evaluation_draw_follows_its_seed() -> None:
    dataset = numbered(2000)
    draws = [images_of(evaluation_batches(dataset, 300, CPU, "dynamic", seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    assert torch.equal(images_of(evaluation_batches(dataset, 300, CPU, "none", 0)), dataset.scaled())


def test_points_keep_their_values() -> None:
    points = torch.randn(10, 2, generator=generator())
    dataset = ImageDataset(DataSpec(name="moons", kind="points", shape=(2,)), "train", points)
    batch = next(BatchStream(dataset, 4, 0, CPU, "none").epoch(0, generator()))
    assert torch.equal(batch.images, points[batch.indices])
    assert batch.labels is None
    assert batch.attributes is None


def test_empty_split_is_refused() -> None:
    with pytest.raises(UsageError, match="has no items"):
        BatchStream(numbered(0), 4, 0, CPU, "none")
