"""One condition for a whole sheet of pictures, said in words, and a condition swept from end to end."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from trainers.errors import UsageError
from trainers.models.condition_spec import ConditionSpec
from trainers.registry import unknown_name

_OF_SAMPLING = (
    "In this model the condition decides which codes are drawn, and not how they are decoded; choose it for sample."
)


@dataclass(frozen=True)
class SpokenCondition:
    """A condition and what to call it.

    condition: (*shape), the same for every picture; (count, *shape), one for each; or None for a model without any.
    text: such as "class 3" or "smile=1, other attributes in their middle"; empty without a condition.
    """

    condition: Tensor | None
    text: str


@dataclass(frozen=True)
class Sweep:
    """A condition that changes from column to column.

    conditions: (columns, *shape). titles: what each column shows. text: what is swept.
    """

    conditions: Tensor
    titles: tuple[str, ...]
    text: str


def chosen_condition(
    spec: ConditionSpec,
    class_name: str | None = None,
    attributes: Mapping[str, float | None] | None = None,
    *,
    decoding: bool = False,
) -> SpokenCondition | None:
    """The condition that names describe, None where nothing is named.

    decoding: whether it is for codes given already, which not every model decodes by its condition.
    Raises `UsageError` for what the model is not told, an unknown name, or a value missing or far out of range.
    """
    attributes = attributes or {}
    if class_name is None and not attributes:
        return None
    if decoding and not spec.decodes:
        raise UsageError(_OF_SAMPLING)
    _require_kind(spec, class_name, attributes)
    if class_name is not None:
        return SpokenCondition(spec.named({class_name: None}), f"class {class_name}")
    return SpokenCondition(spec.named(attributes), _attributes_text(spec, attributes))


def usual_condition(spec: ConditionSpec) -> SpokenCondition:
    """The condition of decoded codes where nobody chose any: the first class, or every attribute in its middle."""
    usual = spec.usual(1)
    if usual is None or not spec.decodes:
        return SpokenCondition(None, "")
    named = f"class {spec.names[0]}, the first" if spec.kind in ("classes", "identity") else usual_text(spec)
    return SpokenCondition(usual[0], named)


def usual_text(spec: ConditionSpec) -> str:
    """What `ConditionSpec.usual` gives, in words; empty for a model without conditions."""
    texts = {
        "none": "",
        "classes": "every class in turn",
        "identity": "every identity in turn",
        "attributes": "every attribute in its middle",
        "image": "a grey picture",
    }
    return texts[spec.kind]


def swept_condition(spec: ConditionSpec, attributes: Mapping[str, float | None], steps: int) -> Sweep:
    """All classes, or the one attribute named without a value from its lowest to its highest in `steps` columns.

    The attributes named with a value keep it, all others stay in their middle.
    Raises `UsageError` for a model whose pictures depend on neither.
    """
    if spec.kind == "none":
        raise UsageError("The pictures of this model depend on no condition beside the code; sample from it instead.")
    if not spec.decodes:
        raise UsageError(_OF_SAMPLING)
    if spec.kind == "image":
        raise UsageError("The condition of this model is a picture, and nothing leads from one to another.")
    if spec.kind != "attributes":
        _require_kind(spec, None, attributes)
        return Sweep(torch.eye(len(spec.names)), spec.names, usual_text(spec).removesuffix(" in turn"))
    swept = [name for name, value in attributes.items() if value is None]
    if len(swept) != 1:
        raise UsageError(
            f"Name the one attribute to sweep, such as --attribute {spec.names[0]}; others take a value, such as "
            f"{spec.names[-1]}=1."
        )
    return _attribute_sweep(spec, swept[0], attributes, steps)


def _attribute_sweep(spec: ConditionSpec, swept: str, attributes: Mapping[str, float | None], steps: int) -> Sweep:
    if swept not in spec.names:
        raise UsageError(unknown_name("attribute", swept, spec.names))
    condition = spec.named({name: value for name, value in attributes.items() if name != swept})
    place = spec.names.index(swept)
    values = torch.linspace(spec.minima[place], spec.maxima[place], steps)
    conditions = condition.repeat(steps, 1)
    conditions[:, place] = values
    titles = tuple(f"{swept}={value:g}" for value in values.tolist())
    reach = f"{swept} from {spec.minima[place]:g} to {spec.maxima[place]:g}"
    kept = _attributes_text(spec, attributes)
    return Sweep(conditions, titles, f"{reach}, {kept}" if kept else reach)


def _attributes_text(spec: ConditionSpec, given: Mapping[str, float | None]) -> str:
    said = [f"{name}={value:g}" for name, value in given.items() if value is not None]
    rest = ["other attributes in their middle"] if len(given) < len(spec.names) else []
    return ", ".join(said + rest)


def _require_kind(spec: ConditionSpec, class_name: str | None, attributes: Mapping[str, float | None]) -> None:
    has_classes = spec.kind in ("classes", "identity")
    if class_name is not None and attributes:
        raise UsageError("Give either a class or attributes: no model is told both.")
    if class_name is not None and spec.kind == "attributes":
        raise UsageError(f"The model is told attributes and no class: write --attribute {spec.names[0]}=1.")
    if attributes and has_classes:
        raise UsageError(f"The model is told a class and no attributes: write --class {spec.names[0]}.")
