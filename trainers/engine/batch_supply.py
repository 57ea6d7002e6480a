"""Batches without end for the training loop, from any position on."""

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from trainers.data.batch import Batch
from trainers.data.batching import BatchStream

if TYPE_CHECKING:
    from collections.abc import Iterator


class BatchSupply:
    """The batches of epoch after epoch of a stream.

    position: batches drawn since the first one of `first_epoch`; with the generator's state it is all a resumed run
    needs to go on with the same batches. channels_last: give pictures in the layout convolutions are fastest in.
    """

    def __init__(
        self,
        stream: BatchStream,
        generator: torch.Generator,
        position: int,
        *,
        channels_last: bool,
        first_epoch: int = 0,
    ) -> None:
        self.position = position
        self.batch_size = stream.batch_size
        self.batches_per_epoch = stream.batches_per_epoch
        self._stream = stream
        self._generator = generator
        self._first_epoch = first_epoch
        self._channels_last = channels_last
        self._epoch: Iterator[Batch] = iter(())

    def draw(self) -> Batch:
        """The next batch."""
        batch = next(self._epoch, None)
        if batch is None:
            number, start = divmod(self.position, self.batches_per_epoch)
            self._epoch = self._stream.epoch(self._first_epoch + number, self._generator, start)
            batch = next(self._epoch)
        self.position += 1
        # With one channel both layouts are the same.
        if self._channels_last and batch.images.ndim == 4 and batch.images.shape[1] > 1:
            return replace(batch, images=batch.images.contiguous(memory_format=torch.channels_last))
        return batch
