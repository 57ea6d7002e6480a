"""Which test items the reconstructions panel shows, made worse how, and how."""

from dataclasses import dataclass, field
from typing import Literal

ItemOrder = Literal["first", "random", "best", "worst", "selected"]
PictureMeasure = Literal["error", "psnr", "ssim"]
CorruptionKind = Literal[
    "usual",
    "none",
    "gaussian_noise",
    "salt_and_pepper",
    "missing_rectangle",
    "down_scaling",
    "gaussian_blur",
    "mix",
    "painted_mask",
]


@dataclass(frozen=True)
class CorruptionChoice:
    """What is done to items before a model sees them.

    kind: `usual` is what the model was trained to undo, and nothing for all other models.
    strength: in the unit of the kind; 0 for the usual one. seed: of its noise and its places.
    mask: which pixels are painted over, row by row, as `packed` of `item_groups` gives it.
    mask_shape: height and width of the pictures it was painted on.
    """

    kind: CorruptionKind = "usual"
    strength: float = 0.0
    seed: int = 0
    mask: str = ""
    mask_shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class AnomalyChoice:
    """Which class of the test items counts as anomalous, and what makes an item unusual.

    class_name: empty for the one held out of training, or the first. score: `auto` is the likelihood where a model has
    one, else the error of its reconstructions.
    """

    class_name: str = ""
    score: Literal["auto", "likelihood", "error"] = "auto"


@dataclass(frozen=True)
class ReconstructionsChoice:
    """Which test items the reconstructions panel shows, and how.

    order: `best` and `worst` by their squared errors among all that are encoded, `selected` those selected on the map.
    seed: of random items. measure: what stands under each item.
    differences: whether a map of how item and reconstruction differ lies below both.
    page: pictures of the items, or how unusual the model finds all of them.
    """

    order: ItemOrder = "first"
    seed: int = 0
    count: int = 24
    measure: PictureMeasure = "error"
    differences: bool = True
    corruption: CorruptionChoice = field(default_factory=CorruptionChoice)
    page: Literal["items", "anomalies"] = "items"
    anomalies: AnomalyChoice = field(default_factory=AnomalyChoice)
