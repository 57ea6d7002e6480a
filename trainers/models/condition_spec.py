"""What a model must be told beside a code before it can decode."""

from typing import Literal

from pydantic import Field

from trainers.config import Config


class ConditionSpec(Config):
    """Kind and shape of a condition; a condition is a float tensor (batch, *shape).

    `classes` and `identity` are one-hot over `names`; `attributes` is one number per name; `image` is a picture.
    """

    kind: Literal["none", "classes", "attributes", "identity", "image"] = Field(
        default="none", description="what the condition is"
    )
    names: tuple[str, ...] = Field(default=(), description="classes, attributes or identities in order")
    shape: tuple[int, ...] = Field(default=(), description="shape of one condition")
