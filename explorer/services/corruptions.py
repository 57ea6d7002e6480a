"""Items made worse on purpose before a model sees them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.item_pictures import Values
from explorer.services.tensors import corrupted_images
from explorer.state.item_groups import unpacked
from explorer.state.model_facts import ModelFacts
from explorer.state.reconstruction_choices import CorruptionChoice, CorruptionKind
from explorer.state.reconstruction_values import StrengthRange
from trainers.config import setting_fields
from trainers.data.corruption import STRENGTHS, Corruption
from trainers.errors import UsageError

NOTHING = CorruptionChoice("none")
# A strength of 0 is the usual one, and what does nothing is a kind of its own.
_FAINTEST = 0.01


@dataclass(frozen=True)
class ItemCorruption:
    """What is done to items: a corruption whose draws follow from a seed and the place of each, or a painted mask.

    mask, mask_shape: as in `CorruptionChoice`, where there are no settings.
    """

    settings: Corruption | None
    seed: int = 0
    mask: str = ""
    mask_shape: tuple[int, ...] = ()

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which pixels (height, width) the mask leaves."""
        height, width = self.mask_shape
        return ~unpacked(self.mask, height * width).reshape(height, width)

    def of(self, items: DataItems, places: NDArray[np.int64]) -> Values:
        """Items at some places, (count, channels, height, width) in [0, 1]."""
        done = self.known if self.settings is None else self.settings
        return corrupted_images(items.images[places].astype(np.uint8, copy=False), places, done, self.seed)


def fitting_corruption(choice: CorruptionChoice, facts: ModelFacts) -> CorruptionChoice:
    """What a choice means for a model, in full: never `usual`, of a strength where its kind has one, a mask that fits.

    Points cannot be made worse. Raises `UsageError` for a mask that was painted on pictures of another size.
    """
    if facts.frame is not None:
        return NOTHING
    trained = _trained(facts)
    kind: CorruptionKind = choice.kind
    if kind == "usual":
        kind = trained.kind if facts.corruption else "none"
    if kind == "painted_mask":
        if choice.mask and choice.mask_shape != facts.image_shape[1:]:
            sizes = (" × ".join(map(str, shape)) for shape in (choice.mask_shape, facts.image_shape[1:]))
            painted, shown = sizes
            raise UsageError(
                f"The mask was painted on pictures of {painted}, and these are {shown}; paint another one."
            )
        return CorruptionChoice(kind, mask=choice.mask, mask_shape=facts.image_shape[1:])
    if kind == "none":
        return NOTHING
    bounds = strength_range(kind)
    strength = 0.0
    if bounds is not None:
        usual = float(getattr(trained, STRENGTHS[kind]))
        strength = min(max(choice.strength or usual, bounds.lowest), bounds.highest)
    return CorruptionChoice(kind, strength, abs(choice.seed) % 2**63)


def shown_corruption(choice: CorruptionChoice, facts: ModelFacts) -> CorruptionChoice:
    """The same, and the choice as it is where it does not fit."""
    try:
        return fitting_corruption(choice, facts)
    except UsageError:
        return choice


def strength_range(kind: CorruptionKind) -> StrengthRange | None:
    """Between which ends the strength of a kind lies, and what it is; None for a kind without one."""
    field = next((field for field in setting_fields(Corruption) if field.name == STRENGTHS.get(kind)), None)
    if field is None:
        return None
    return StrengthRange(field.minimum or _FAINTEST, field.maximum or 1.0, field.description, field.kind == "integer")


def item_corruption(choice: CorruptionChoice, facts: ModelFacts) -> ItemCorruption | None:
    """What a fitting choice does to items; None for nothing."""
    if choice.kind in ("usual", "none"):
        return None
    if choice.kind == "painted_mask":
        return ItemCorruption(None, mask=choice.mask, mask_shape=choice.mask_shape)
    changes: dict[str, object] = {"kind": choice.kind}
    if choice.kind in STRENGTHS:
        name = STRENGTHS[choice.kind]
        changes[name] = round(choice.strength) if name == "scale" else choice.strength
    return ItemCorruption(_trained(facts).model_copy(update=changes), choice.seed)


def trained_kind(facts: ModelFacts) -> str:
    """What a model was trained to undo; empty for all other models."""
    return _trained(facts).kind if facts.corruption else ""


def _trained(facts: ModelFacts) -> Corruption:
    return Corruption.model_validate_json(facts.corruption) if facts.corruption else Corruption()
