import pytest
import torch

from trainers.data.batching import BatchStream
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.batch_supply import BatchSupply

CPU = torch.device("cpu")


def supply(channels: int = 1, position: int = 0, *, channels_last: bool = False, first_epoch: int = 0) -> BatchSupply:
    """Batches of 4 from 10 items, 2 an epoch."""
    images = torch.arange(10 * channels * 4, dtype=torch.uint8).view(10, channels, 2, 2)
    dataset = ImageDataset(DataSpec(name="ramp", shape=(channels, 2, 2)), "train", images)
    stream = BatchStream(dataset, 4, 0, CPU, "none")
    generator = torch.Generator().manual_seed(0)
    return BatchSupply(stream, generator, position, channels_last=channels_last, first_epoch=first_epoch)


def drawn(batches: BatchSupply, count: int) -> list[list[int]]:
    return [batches.draw().indices.tolist() for _ in range(count)]


def test_epochs_follow_one_another_without_end() -> None:
    batches = supply()
    indices = drawn(batches, 6)
    assert batches.position == 6
    for first, second in zip(indices[::2], indices[1::2], strict=True):
        assert not set(first) & set(second)
    assert indices[:2] != indices[2:4]


@pytest.mark.parametrize("position", [1, 2, 3, 5])
def test_any_position_goes_on_with_the_same_batches(position: int) -> None:
    assert drawn(supply(position=position), 4) == drawn(supply(), position + 4)[position:]


def test_other_epochs_have_another_order() -> None:
    assert drawn(supply(first_epoch=2**31), 2) != drawn(supply(), 2)
    assert drawn(supply(first_epoch=1), 2) == drawn(supply(), 4)[2:]


def test_colours_come_in_the_layout_of_convolutions() -> None:
    plain, last = supply(3).draw(), supply(3, channels_last=True).draw()
    assert last.images.is_contiguous(memory_format=torch.channels_last)
    assert plain.images.is_contiguous()
    assert torch.equal(plain.images, last.images)
    assert plain.indices.tolist() == last.indices.tolist()
