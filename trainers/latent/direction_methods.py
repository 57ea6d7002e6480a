"""How directions are found, by name."""

from typing import Literal, get_args

# Between two groups of items; of the codes alone; of the decoder alone.
GroupMethod = Literal["means", "logistic", "discriminant"]
Method = Literal["means", "logistic", "discriminant", "principal", "first-layer", "jacobian"]

GROUP_METHODS: tuple[GroupMethod, ...] = get_args(GroupMethod)
METHODS: tuple[Method, ...] = get_args(Method)
