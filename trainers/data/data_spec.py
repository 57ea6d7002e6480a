"""What a model is told about its data, and what a checkpoint remembers of them."""

import math
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trainers.config import Config

Binarisation = Literal["none", "static", "dynamic"]
Length = Annotated[int, Field(ge=1)]


class DataSpec(Config):
    """Names and shapes of a dataset, without the data."""

    name: str = Field(description="registered name, or the path of a person's own images or points")
    kind: Literal["images", "points"] = Field(default="images", description="what one item is")
    shape: tuple[Length, ...] = Field(description="shape of one item: (channels, height, width), or (2,) for points")
    class_names: tuple[str, ...] = Field(default=(), description="names of the labels 0, 1, …; empty without labels")
    attribute_names: tuple[str, ...] = Field(default=(), description="columns of the attribute table")
    attribute_minima: tuple[float, ...] = Field(default=(), description="lowest value of each column in training")
    attribute_maxima: tuple[float, ...] = Field(default=(), description="highest value of each column in training")
    binarisation: Binarisation = Field(default="none", description="how grey values become 0 or 1 in a batch")
    held_out_classes: tuple[str, ...] = Field(default=(), description="classes kept out of training")
    count: int = Field(default=0, ge=0, description="items in the training split")
    fingerprint: str = Field(default="", description="SHA-256 of the training split, hexadecimal")

    @model_validator(mode="after")
    def _images_have_three_axes(self) -> Self:
        axes = 3 if self.kind == "images" else 1
        if len(self.shape) != axes:
            raise ValueError(f"the shape of {self.kind} has {axes} lengths, not {len(self.shape)}")
        return self

    @property
    def size(self) -> int:
        """How many numbers one item has."""
        return math.prod(self.shape)


def data_title(name: str) -> str:
    """A dataset's name as it is shown, which tells nothing of the machine: the last part of a path."""
    return Path(name).name or name
