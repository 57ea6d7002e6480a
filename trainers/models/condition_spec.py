"""What a model must be told beside a code before it can decode or sample."""

from collections.abc import Mapping
from typing import Literal, Self

import torch
from pydantic import Field
from torch import Tensor

from trainers.config import Config
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.registry import unknown_name

ConditionKind = Literal["none", "classes", "attributes", "identity", "image"]


class ConditionSpec(Config):
    """Kind and shape of a condition; a condition is a float tensor (batch, *shape).

    `classes` and `identity` are one-hot over `names`; `attributes` is one number per name, in the data's own units;
    `image` is a picture.
    """

    kind: ConditionKind = Field(default="none", description="what the condition is")
    names: tuple[str, ...] = Field(default=(), description="classes, attributes or identities in order")
    shape: tuple[int, ...] = Field(default=(), description="shape of one condition")
    minima: tuple[float, ...] = Field(default=(), description="lowest value of each attribute in the training data")
    maxima: tuple[float, ...] = Field(default=(), description="highest value of each attribute in the training data")
    decodes: bool = Field(default=True, description="whether decoding depends on it, or only sampling does")

    @classmethod
    def of_classes(cls, data_spec: DataSpec, *, decodes: bool = True) -> Self:
        """One class of the data; raises `UsageError` for data without classes."""
        names = data_spec.class_names
        if not names:
            raise UsageError(f"{data_spec.name} has no classes to be a condition; choose data with labels.")
        return cls(kind="classes", names=names, shape=(len(names),), decodes=decodes)

    @classmethod
    def of_attributes(cls, data_spec: DataSpec) -> Self:
        """All attributes of the data; raises `UsageError` for data without an attribute table."""
        names = data_spec.attribute_names
        if not names:
            raise UsageError(
                f"{data_spec.name} has no attributes to be a condition; choose data with an attribute table."
            )
        minima, maxima = data_spec.attribute_minima, data_spec.attribute_maxima
        return cls(kind="attributes", names=names, shape=(len(names),), minima=minima, maxima=maxima)

    def of_items(self, labels: Tensor | None, attributes: Tensor | None) -> Tensor | None:
        """Conditions (batch, *shape) of items of the data, or None where the model takes none.

        Raises `UsageError` where the items do not have what the model needs.
        """
        if self.kind == "none":
            return None
        if self.kind == "classes":
            if labels is None:
                raise UsageError("The model is conditioned on classes, and these data have no labels; choose others.")
            return torch.nn.functional.one_hot(labels, len(self.names)).float()
        if self.kind == "attributes":
            if attributes is None:
                raise UsageError("The model is conditioned on attributes, and these data have none; choose others.")
            self._require_numbers(attributes)
            return attributes.float()
        raise ValueError(f"conditions of the kind {self.kind} do not come with the items")

    def _require_numbers(self, attributes: Tensor) -> None:
        # Elsewhere than on the CPU the question would wait for the device in every step of a training.
        if attributes.device.type == "cpu" and bool(attributes.isnan().any()):
            require_numbers(self.names, attributes)

    def usual(self, count: int) -> Tensor | None:
        """Conditions (count, *shape) where nobody said any: every class in turn, every attribute in its middle."""
        if self.kind == "none":
            return None
        if self.kind in ("classes", "identity"):
            return torch.eye(len(self.names))[torch.arange(count) % len(self.names)]
        if self.kind == "attributes":
            middles = (torch.tensor(self.minima) + torch.tensor(self.maxima)) / 2.0
            return middles.expand(count, -1).clone()
        return torch.full((count, *self.shape), 0.5)

    def named(self, values: Mapping[str, float | None]) -> Tensor:
        """One condition (*shape) from names: a class or identity without a value, or attributes with theirs.

        Attributes that are not named are in their middle. Raises `UsageError` for a model without such a condition,
        an unknown name, or a value missing, too many or far from those of the training data.
        """
        if self.kind in ("none", "image"):
            raise UsageError("The model takes neither a class nor attributes as a condition; leave them out.")
        for name in values:
            if name not in self.names:
                raise UsageError(unknown_name("attribute" if self.kind == "attributes" else "class", name, self.names))
        if self.kind == "attributes":
            return self._attributes(values)
        if len(values) != 1 or next(iter(values.values())) is not None:
            raise UsageError(f"The model takes exactly one of its classes: {', '.join(self.names)}.")
        return torch.eye(len(self.names))[self.names.index(next(iter(values)))]

    def _attributes(self, values: Mapping[str, float | None]) -> Tensor:
        usual = self.usual(1)
        assert usual is not None
        condition = usual[0]
        for name, value in values.items():
            if value is None:
                raise UsageError(f"The attribute {name} needs a value, such as {name}=1.")
            place = self.names.index(name)
            _check_value(name, value, self.minima[place], self.maxima[place])
            condition[place] = value
        return condition


def require_numbers(names: tuple[str, ...], attributes: Tensor) -> None:
    """Raise `UsageError` where an item lacks a number of an attribute (items, attributes) that a model is told."""
    missing = attributes.isnan()
    lacking = [name for name, is_missing in zip(names, missing.any(dim=0).tolist(), strict=True) if is_missing]
    if lacking:
        count = int(missing.any(dim=1).sum())
        raise UsageError(
            f"The model is conditioned on attributes, and {count:,} of these {len(attributes):,} items have no number "
            f"for {', '.join(lacking[:3])}{', …' if len(lacking) > 3 else ''}; fill in their cells, or choose other "
            "data or another model."
        )


def _check_value(name: str, value: float, lowest: float, highest: float) -> None:
    # A network may still say something sensible a little outside of what it has seen.
    margin = (highest - lowest) or 1.0
    if not lowest - margin <= value <= highest + margin:
        raise UsageError(
            f"{name} = {value:g} is not allowed: it goes from {lowest:g} to {highest:g} in the training data; choose "
            "a value near these."
        )
