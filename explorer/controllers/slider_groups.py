"""Which sliders and choices a model's code gets, and how they are grouped."""

import numpy as np
from numpy.typing import NDArray

from explorer.services.opening import Opened
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.slider_values import CategorySpec, SliderGroup, SliderPrior, SliderSpec

_REACH_DEVIATIONS = 4.0
_CURVES: dict[str, SliderPrior] = {"uniform": "uniform", "ball": "ball"}


def slider_groups(opened: Opened, locked: frozenset[int] = frozenset()) -> tuple[SliderGroup, ...]:
    """The blocks from the top level down, in each the most active numbers first where that is known.

    locked: dimensions that are kept as they are.
    """
    facts = opened.facts
    # Choices stand over the sliders of their level, so that they do not seem to belong to another block's heading.
    blocks = sorted(facts.blocks, key=lambda block: (-block.level, block.prior != "categorical"))
    return tuple(_group(block, facts, locked) for block in blocks)


def slider_ends(facts: ModelFacts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and the highest value (latent_size,) of every slider; of categories 0 and 1."""
    low, high = np.zeros(facts.latent_size), np.ones(facts.latent_size)
    for block in facts.blocks:
        for dimension in _places(block) if block.prior != "categorical" else ():
            low[dimension], high[dimension] = _ends(dimension, block, facts)
    return low, high


def most_active(facts: ModelFacts, count: int) -> tuple[int, ...]:
    """The dimensions that do most, the most active first; where that is not known, the first ones."""
    chosen = {place for block in facts.blocks if block.prior == "categorical" for place in _places(block)}
    numbers = [dimension for dimension in range(facts.latent_size) if dimension not in chosen]
    if facts.activity:
        numbers.sort(key=lambda dimension: -facts.activity[dimension])
    return tuple(numbers[:count])


def _places(block: BlockFacts) -> range:
    return range(block.start, block.start + block.size)


def _group(block: BlockFacts, facts: ModelFacts, locked: frozenset[int]) -> SliderGroup:
    if block.prior == "categorical":
        choices = tuple(str(number) for number in range(1, block.size + 1))
        return SliderGroup(block.name, (CategorySpec(block.name, block.start, choices),))
    order = list(range(block.start, block.start + block.size))
    if facts.activity:
        order.sort(key=lambda dimension: -facts.activity[dimension])
    ball = (block.start, block.size) if block.prior == "ball" else None
    sliders = tuple(_slider(dimension, block, facts, dimension in locked) for dimension in order)
    return SliderGroup(block.name, sliders, _title(block, facts), ball)


def _name(dimension: int, block: BlockFacts, facts: ModelFacts) -> str:
    # Under a heading that says it, the block's name takes the room of the slider; "z2[0, 1, 3]" is "[0, 1, 3]" there.
    name = facts.dimension_names[dimension]
    return name.removeprefix(block.name) if _is_grid(block) and _title(block, facts) else name


def _is_grid(block: BlockFacts) -> bool:
    return len(block.shape) > 1


def _ends(dimension: int, block: BlockFacts, facts: ModelFacts) -> tuple[float, float]:
    if block.prior in _CURVES:
        return -1.0, 1.0
    mean, reach = facts.means[dimension], _REACH_DEVIATIONS * facts.deviations[dimension]
    return mean - reach, mean + reach


def _slider(dimension: int, block: BlockFacts, facts: ModelFacts, is_locked: bool) -> SliderSpec:
    minimum, maximum = _ends(dimension, block, facts)
    return SliderSpec(
        dimension=dimension,
        name=_name(dimension, block, facts),
        minimum=minimum,
        maximum=maximum,
        mean=facts.means[dimension],
        deviation=facts.deviations[dimension],
        activity=facts.activity[dimension] if facts.activity else None,
        activity_unit=facts.activity_unit,
        prior=_CURVES.get(block.prior, "normal"),
        button="lock",
        is_locked=is_locked,
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
