"""The model a command works with, and the data it learned from."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainers.data.image_dataset import ImageDataset, Split
    from trainers.engine.checkpoint import CheckpointHeader
    from trainers.models.latent_model import LatentModel


@dataclass(frozen=True)
class OpenedModel:
    """A model in evaluation mode with the checkpoint it came from."""

    model: "LatentModel"
    checkpoint: Path
    header: "CheckpointHeader"

    @property
    def title(self) -> str:
        """Short text such as "vae / mnist, epoch 5"."""
        return self.header.title

    def dataset(self, split: "Split", data: str | None = None) -> "ImageDataset":
        """A split of the data the model learned from, or of other data."""
        from trainers.data.catalogue import load_split_of

        return load_split_of(self.header.data, split, data)


def open_model(run: Path, device: str) -> OpenedModel:
    """Open what `run` names: a run folder, a checkpoint file, or a path inside a run."""
    from trainers.engine.checkpoint import find_checkpoint, load_model, read_header
    from trainers.engine.devices import choose_device

    place = choose_device(device)
    checkpoint = find_checkpoint(run)
    header = read_header(checkpoint)
    return OpenedModel(load_model(checkpoint, place), checkpoint, header)
