"""What the window knows of the open model; it never asks which family it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelFacts:
    """Facts of one opened checkpoint.

    title: short text for the title and status bar, for example "vae / mnist".
    generation: rises with every model or snapshot opened; results of an older one are discarded.
    means, deviations: (latent_size,) moments of the prior per dimension.
    activity: (latent_size,) mean KL in nats, or variance of the codes, per dimension; empty until encoded.
    activity_unit: "nats" or "variance".
    image_shape: (channels, height, width).
    capabilities: any of "encoder", "likelihood", "bound".
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
