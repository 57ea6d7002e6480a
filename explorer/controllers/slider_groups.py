"""Which sliders and choices a model's code gets, and how they are grouped."""

from explorer.services.opening import Opened
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.slider_values import CategorySpec, SliderGroup, SliderPrior, SliderSpec

_REACH_DEVIATIONS = 4.0
_CURVES: dict[str, SliderPrior] = {"uniform": "uniform", "ball": "ball"}


def slider_groups(opened: Opened) -> tuple[SliderGroup, ...]:
    """The blocks from the top level down, in each the most active numbers first where that is known."""
    facts = opened.facts
    # Choices stand over the sliders of their level, so that they do not seem to belong to another block's heading.
    blocks = sorted(facts.blocks, key=lambda block: (-block.level, block.prior != "categorical"))
    return tuple(_group(block, facts) for block in blocks)


def _group(block: BlockFacts, facts: ModelFacts) -> SliderGroup:
    if block.prior == "categorical":
        choices = tuple(str(number) for number in range(1, block.size + 1))
        return SliderGroup(block.name, (CategorySpec(block.name, block.start, choices),))
    order = list(range(block.start, block.start + block.size))
    if facts.activity:
        order.sort(key=lambda dimension: -facts.activity[dimension])
    ball = (block.start, block.size) if block.prior == "ball" else None
    sliders = tuple(_slider(dimension, block, facts) for dimension in order)
    return SliderGroup(block.name, sliders, _title(block, facts), ball)


def _name(dimension: int, block: BlockFacts, facts: ModelFacts) -> str:
    # Under a heading that says it, the block's name takes the room of the slider; "z2[0, 1, 3]" is "[0, 1, 3]" there.
    name = facts.dimension_names[dimension]
    return name.removeprefix(block.name) if _is_grid(block) and _title(block, facts) else name


def _is_grid(block: BlockFacts) -> bool:
    return len(block.shape) > 1


def _slider(dimension: int, block: BlockFacts, facts: ModelFacts) -> SliderSpec:
    mean, deviation = facts.means[dimension], facts.deviations[dimension]
    prior = _CURVES.get(block.prior, "normal")
    is_bounded = prior in ("uniform", "ball")
    reach = _REACH_DEVIATIONS * deviation
    return SliderSpec(
        dimension=dimension,
        name=_name(dimension, block, facts),
        minimum=-1.0 if is_bounded else mean - reach,
        maximum=1.0 if is_bounded else mean + reach,
        mean=mean,
        deviation=deviation,
        activity=facts.activity[dimension] if facts.activity else None,
        activity_unit=facts.activity_unit,
        prior=prior,
    )


def _title(block: BlockFacts, facts: ModelFacts) -> str:
    if len(facts.blocks) == 1 and block.prior in ("normal", "empirical") and not _is_grid(block):
        return ""
    within = {"uniform": " from −1 to 1", "ball": " in the unit ball"}.get(block.prior, "")
    numbers = f"{block.size} number{'' if block.size == 1 else 's'}{within}"
    if _is_grid(block):
        numbers = f"{' × '.join(map(str, block.shape))} {numbers.partition(' ')[2]}"
    if facts.levels == 1:
        return f"{block.name} · {numbers}"
    place = {0: "nearest the picture", facts.levels - 1: "top"}.get(block.level, "")
    return " · ".join(part for part in (block.name, place, numbers, _divergence(block, facts)) if part)


def _divergence(block: BlockFacts, facts: ModelFacts) -> str:
    # Divergences of independent numbers add up; variances of different levels have no common measure.
    if not facts.activity or facts.activity_unit != "nats":
        return ""
    return f"{sum(facts.activity[block.start : block.start + block.size]):.1f} nats"
