"""Batches gathered from a resident dataset; scaling and binarisation happen on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.binarisation import binarise, drawn_once, static_seed
from trainers.data.data_spec import Binarisation
from trainers.data.image_dataset import ImageDataset
from trainers.data.numbered_generator import numbered_generator
from trainers.errors import UsageError
from trainers.processes import SharedGenerator, own_part

# Items stay in main memory when they would fill more than this share of what is free on a GPU.
_LARGEST_SHARE_OF_GPU = 0.5


class BatchStream:
    """Shuffled epochs over a dataset; the order of an epoch depends on the seed and its number alone.

    The last partial batch of an epoch is dropped, except where it is the only one.
    batch_size: items of a batch; where processes share a generator, those of all of them.
    batches_per_epoch: how many batches a whole epoch has.
    Raises `UsageError` for a dataset without items.
    """

    def __init__(
        self, dataset: ImageDataset, batch_size: int, seed: int, device: torch.device, binarisation: Binarisation
    ) -> None:
        if len(dataset) == 0:
            raise UsageError(f"The {dataset.split} split of {dataset.spec.name} has no items.")
        self.batch_size = min(batch_size, len(dataset))
        self.batches_per_epoch = len(dataset) // self.batch_size
        self._seed = seed
        self._device = device
        images = dataset.images
        if binarisation == "static":
            images = drawn_once(images, static_seed(dataset.split))
        # A static draw is made; what is left to do with each batch is to scale it.
        self._binarisation: Binarisation = "dynamic" if binarisation == "dynamic" else "none"
        self._images = images if _is_too_large(images, device) else images.to(device)
        self._shape = images.shape[1:]
        self._labels = _moved(dataset.labels, device)
        self._attributes = _moved(dataset.attributes, device)

    def epoch(self, number: int, generator: torch.Generator, start: int = 0) -> Iterator[Batch]:
        """The batches of an epoch from batch `start` on.

        generator: goes into every batch, and draws its dynamic binarisation; on the stream's device. With the state
        it had before batch `start` of a whole epoch, the batches from there on are the same. Of a `SharedGenerator`
        each process is given its part of every batch, as many items as the others.
        """
        order = epoch_order(len(self._images), self._seed, number)
        order = order[: self.batches_per_epoch * self.batch_size].to(self._device)
        for indices in order.split(self.batch_size)[start:]:
            yield self._gathered(indices, generator)

    def _gathered(self, indices: Tensor, generator: torch.Generator) -> Batch:
        own = own_part(indices, generator)
        if self._binarisation == "none":
            images = binarise(self._items(own), "none", generator)
        else:
            # Drawn for the items of all processes, so that the draws are the same however many share them.
            images = own_part(binarise(self._items(indices), self._binarisation, generator), generator)
        return Batch(
            images=images,
            indices=own,
            generator=generator,
            labels=_selected(self._labels, own),
            attributes=_selected(self._attributes, own),
            shared_indices=indices if isinstance(generator, SharedGenerator) else None,
        )

    def _items(self, indices: Tensor) -> Tensor:
        # Gathering rows of a flat table is several times faster than gathering images.
        rows = self._images.flatten(1).index_select(0, indices.to(self._images.device))
        items: Tensor = rows.unflatten(1, self._shape)
        return items.to(self._device, non_blocking=True)


def evaluation_batches(
    dataset: ImageDataset, batch_size: int, device: torch.device, binarisation: Binarisation, seed: int
) -> Iterator[Batch]:
    """The whole split in order, the last batch as small as it comes out.

    A dynamic draw depends on the seed alone, not on the batch size; a static draw is the one used in training.
    The batches share one generator on `device`, seeded with `seed`.
    """
    images = dataset.images
    if binarisation != "none":
        images = drawn_once(images, seed if binarisation == "dynamic" else static_seed(dataset.split))
    generator = torch.Generator(device).manual_seed(seed)
    for start in range(0, len(dataset), batch_size):
        place = slice(start, min(start + batch_size, len(dataset)))
        yield Batch(
            images=binarise(images[place].to(device), "none", generator),
            indices=torch.arange(place.start, place.stop, device=device),
            generator=generator,
            labels=_part(dataset.labels, place, device),
            attributes=_part(dataset.attributes, place, device),
        )


def epoch_order(count: int, seed: int, number: int) -> Tensor:
    """A permutation (count,) int64 on the CPU that the seed and the epoch's number decide."""
    return torch.randperm(count, generator=numbered_generator(seed, number))


def _is_too_large(images: Tensor, device: torch.device) -> bool:
    if device.type != "cuda":
        return False
    free, _ = torch.cuda.mem_get_info(device)
    return images.nbytes > _LARGEST_SHARE_OF_GPU * free


def _moved(values: Tensor | None, device: torch.device) -> Tensor | None:
    return None if values is None else values.to(device)


def _selected(values: Tensor | None, indices: Tensor) -> Tensor | None:
    return None if values is None else values.index_select(0, indices)


def _part(values: Tensor | None, place: slice, device: torch.device) -> Tensor | None:
    return None if values is None else values[place].to(device)
