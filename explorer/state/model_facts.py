"""What the window knows of the open model; it never asks which family it is."""

from dataclasses import dataclass, field
from typing import Literal

from explorer.state.condition_facts import ConditionFacts
from explorer.state.scatter_values import Ground, Rectangle

BlockPrior = Literal["normal", "uniform", "ball", "categorical", "empirical"]


@dataclass(frozen=True)
class BlockFacts:
    """A named run of neighbouring numbers in the code: `size` of them from place `start`.

    prior: law of its numbers; `uniform` on [-1, 1], `ball` within the unit ball, `categorical` one-hot.
    level: place in a hierarchy, 0 nearest to the picture. shape: of the block before flattening.
    """

    name: str
    start: int
    size: int
    prior: BlockPrior = "normal"
    level: int = 0
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class ModelFacts:
    """Facts of one opened checkpoint.

    title: short text for the title and status bar, for example "vae / mnist".
    generation: a number of its own for every model or snapshot opened; results of another one are discarded.
    means, deviations: (latent_size,) moments of the prior per dimension.
    activity: (latent_size,) mean KL in nats, or variance of the codes, per dimension; empty until encoded.
    activity_unit: "nats" or "variance".
    image_shape: (channels, height, width), or (2,) for points.
    capabilities: any of "encoder", "bound", "likelihood", "exact_likelihood", "critic", "quantizer", "code_table".
    quantized_blocks: names of the blocks that are rounded to a codebook.
    frame: what part of the plane points lie in, None for images. ground: what the model says of the points there.
    start: where the point stands first, if not in the middle of the prior. digest: SHA-256 of the checkpoint.
    parameters: how many numbers the model learned.
    blocks: parts of the code in order. levels: how many a hierarchy has.
    prior: what codes of samples are drawn from, in words.
    corruption: what the model was trained to undo, as the trainers write it in JSON; empty for all other models.
    """

    title: str
    path: str
    generation: int
    latent_size: int
    dimension_names: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    image_shape: tuple[int, ...]
    class_names: tuple[str, ...]
    capabilities: frozenset[str]
    data: str
    epoch: float
    step: int
    activity: tuple[float, ...] = ()
    activity_unit: str = ""
    blocks: tuple[BlockFacts, ...] = ()
    levels: int = 1
    condition: ConditionFacts = field(default_factory=ConditionFacts)
    quantized_blocks: tuple[str, ...] = ()
    frame: Rectangle | None = None
    ground: Ground | None = None
    start: tuple[float, ...] = ()
    digest: str = ""
    parameters: int = 0
    corruption: str = ""
    prior: str = ""
