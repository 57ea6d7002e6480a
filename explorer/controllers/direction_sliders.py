"""How directions become sliders, and which methods a model can have."""

from collections.abc import Mapping

from explorer.services.found_directions import REACH, USUAL, FoundDirections
from explorer.services.opening import Opened
from explorer.state.direction_values import DirectionFacts
from explorer.state.model_facts import ModelFacts
from explorer.state.slider_choices import DirectionMethod
from explorer.state.slider_values import SliderGroup, SliderSpec

_SEQUENTIAL = "Pictures are drawn number by number, so they do not change smoothly with the code"
_ROUNDED = "Codes are rounded to a codebook, so pictures do not change smoothly with them"
_NOT_LINEAR = "The decoder does not begin with a linear layer"


def direction_group(directions: tuple[DirectionFacts, ...]) -> SliderGroup:
    """A slider in sigmas of the data for each direction."""
    specs = (_slider(place, facts) for place, facts in enumerate(directions))
    return SliderGroup("directions", tuple(specs))


def heading_of(found: FoundDirections, opened: Opened) -> str:
    """What the sliders are, what the numbers beside them mean, and in what the directions were found."""
    count, table = found.count, found.table
    title = f"{count} direction{'' if count == 1 else 's'}"
    if table is None:
        return title
    what = "accuracy and d" if any(score is not None for score in table.scores) else ""
    if any(one.strength is not None for one in table.directions):
        what = "strength"
    is_of_items = opened.encoded is not None and opened.encoded.source != "samples" and not table.drawn
    source = "items" if is_of_items else "draws of the prior"
    return " · ".join(part for part in (title, what, f"{table.count:,} {source}") if part)


def impossible_methods(facts: ModelFacts) -> Mapping[DirectionMethod, str]:
    """Methods that a model cannot have, with the reason."""
    reasons: dict[DirectionMethod, str] = {}
    if "linear_start" not in facts.capabilities:
        reasons["first-layer"] = _NOT_LINEAR
    if "sequential" in facts.capabilities:
        reasons["jacobian"] = _SEQUENTIAL
    if "quantizer" in facts.capabilities:
        reasons["jacobian"] = _ROUNDED
    return reasons


def own_method(facts: ModelFacts) -> DirectionMethod:
    """The method that needs neither labels nor data and that a model has."""
    impossible = impossible_methods(facts)
    methods: tuple[DirectionMethod, ...] = ("first-layer", "jacobian", "principal")
    return next(method for method in methods if method not in impossible)


def _slider(place: int, facts: DirectionFacts) -> SliderSpec:
    return SliderSpec(
        dimension=place,
        name=facts.title,
        minimum=-REACH,
        maximum=REACH,
        mean=0.0,
        deviation=1.0,
        note=_note(facts),
        about=_about(facts),
        usual=(-USUAL, USUAL),
        button="about",
    )


def _note(facts: DirectionFacts) -> str:
    if facts.accuracy is not None:
        effect = "" if facts.effect is None else f" {facts.effect:.1f}".replace("-", "−")
        return f"{facts.accuracy:.2f}{effect}"
    return "" if facts.strength is None else f"{facts.strength:.3g}"


def _about(facts: DirectionFacts) -> str:
    parts = []
    if facts.accuracy is not None:
        parts.append(f"held-out accuracy {facts.accuracy:.3f} on {facts.held_out:,} items; 0.5 is chance")
    if facts.effect is not None:
        parts.append(f"Cohen's d {facts.effect:.2f}".replace("-", "−"))
    if facts.strength is not None:
        parts.append(f"strength {facts.strength:.4g}: how much the decoder reacts")
    parts.append(f"one sigma of the data is {facts.sigma:.3g} in the code; beyond ±{USUAL:g} hardly any data lie")
    if facts.beside:
        parts.append(f"orthogonal to {' and '.join(facts.beside)}")
    return "\n".join(parts)
