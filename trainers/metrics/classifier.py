"""What tells the class of an item, so that samples can be counted and compared."""

from typing import Protocol

from torch import Tensor


class Classifier(Protocol):
    """Something that recognises items of one dataset.

    class_names: names of the labels 0, 1, … title: how it is called beside a number measured with it.
    """

    class_names: tuple[str, ...]

    @property
    def title(self) -> str:
        """Short text that names the kind of classifier and how good it is."""

    def classify(self, images: Tensor) -> Tensor:
        """Labels (batch,) int64 of images (batch, channels, height, width) in [0, 1]; -1 for those of no class."""
