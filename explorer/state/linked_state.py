"""Two models side by side: what the state of one means for the other, as pure functions."""

from dataclasses import replace
from typing import Any

from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.session_state import Link, MapChoice, PlaneChoice, SessionState

View = tuple[float, float, float, float]

_ROUNDING = 1e-6
# What is drawn, and how, is one choice for both maps; which part of which plane may be two.
_SHARED = (
    "spacing",
    "tiles_shown",
    "points_shown",
    "colour_by",
    "colour_attribute",
    "hidden_classes",
    "contours_shown",
    "items",
)


def code_refusal(first: ModelFacts, second: ModelFacts) -> str:
    """Why two models cannot decode the same code, as a sentence; empty where they can."""
    if first.latent_size != second.latent_size:
        return f"A has codes of {first.latent_size} numbers and B of {second.latent_size}"
    if _laws(first.blocks) != _laws(second.blocks):
        return "The codes of A and B have other parts, so the same numbers would mean nothing to both"
    return ""


def picture_refusal(first: ModelFacts, second: ModelFacts) -> str:
    """Why two models cannot stand at the same picture, as a sentence; empty where they can."""
    if (first.frame is None) != (second.frame is None):
        return "One of the models learned from pictures and the other from points"
    if first.image_shape != second.image_shape:
        return f"A has {items_text(first)} and B {items_text(second)}"
    return ""


def items_text(facts: ModelFacts) -> str:
    """What a model makes, for example "pictures of 28 × 28 grey pixels"."""
    if facts.frame is not None:
        return "points"
    channels, height, width = facts.image_shape
    return f"pictures of {width} × {height} {'grey' if channels == 1 else 'coloured'} pixels"


def possible_link(wanted: Link, first: ModelFacts, second: ModelFacts) -> Link | None:
    """The link that is wanted where the models allow it, else the other one; None where they allow neither."""
    refusals = {"code": code_refusal(first, second), "picture": picture_refusal(first, second)}
    if not refusals[wanted]:
        return wanted
    other: Link = "picture" if wanted == "code" else "code"
    return None if refusals[other] else other


def are_planes_shared(plane: PlaneChoice, first: ModelFacts, second: ModelFacts) -> bool:
    """Whether a choice of plane means the same plane for both: one that does not depend on the data of either."""
    if code_refusal(first, second):
        return False
    return first.latent_size <= 2 or plane.kind in ("dimensions", "images")


def do_views_agree(one: View | None, other: View | None) -> bool:
    """Whether two maps, perhaps of different proportions, show the same: one view just fits into the other."""
    if one is None or other is None:
        return one is other
    (u, v, width, height), (other_u, other_v, other_width, other_height) = _middle(one), _middle(other)
    reach = max(width, height, other_width, other_height)
    if max(abs(u - other_u), abs(v - other_v)) > _ROUNDING * reach:
        return False
    wider, higher = width - other_width, height - other_height
    return min(abs(wider), abs(higher)) <= _ROUNDING * reach


def linked_state(state: SessionState, other: SessionState, first: ModelFacts, second: ModelFacts) -> SessionState:
    """The state of B that belongs to a state of A.

    other: the state of B as it is. Where both stand at the same picture B keeps its code, and a condition of another
    kind, as only the model itself can say which they are.
    """
    choice = state.comparison
    link = possible_link(choice.link, first, second)
    shares_codes = not code_refusal(first, second)
    kept = other.code if len(other.code) == second.latent_size else ()
    return SessionState(
        model=choice.model,
        code={"code": state.code, "picture": kept, None: choice.code}[link],
        condition=_linked_condition(state, other, first, second),
        map=_linked_map(state, other, first, second),
        samples=state.samples,
        reconstructions=state.reconstructions,
        selection=state.selection,
        sliders=state.sliders if shares_codes else choice.sliders,
        smooth_pictures=state.smooth_pictures,
    )


def led_changes(state: SessionState, other: SessionState, first: ModelFacts, second: ModelFacts) -> dict[str, Any]:
    """What changes of A's state when B has come to another state, for `SessionStore.update`."""
    choice = state.comparison
    link = possible_link(choice.link, first, second)
    changes: dict[str, Any] = {"samples": other.samples, "reconstructions": other.reconstructions}
    if first.condition == second.condition:
        changes["condition"] = other.condition
    else:
        choice = replace(choice, condition=other.condition)
    if link == "code":
        changes["code"] = other.code
    elif link is None:
        choice = replace(choice, code=other.code)
    shared = {name: getattr(other.map, name) for name in _SHARED}
    changes["map"] = replace(state.map, **shared)
    if code_refusal(first, second):
        return {**changes, "comparison": replace(choice, map=other.map, sliders=other.sliders)}
    changes["sliders"] = other.sliders
    if are_planes_shared(other.map.plane, first, second):
        view = state.map.view if do_views_agree(state.map.view, other.map.view) else other.map.view
        changes["map"] = replace(changes["map"], plane=other.map.plane, view=view)
    else:
        is_other = other.map.plane != state.map.plane
        changes["map"] = replace(changes["map"], plane=other.map.plane, view=None if is_other else state.map.view)
        choice = replace(choice, map=replace(choice.map, view=other.map.view))
    changes["comparison"] = choice
    return changes


def _linked_condition(
    state: SessionState, other: SessionState, first: ModelFacts, second: ModelFacts
) -> tuple[float, ...]:
    if first.condition == second.condition:
        return state.condition
    is_matched = possible_link(state.comparison.link, first, second) == "picture"
    return other.condition if is_matched else state.comparison.condition


def _linked_map(state: SessionState, other: SessionState, first: ModelFacts, second: ModelFacts) -> MapChoice:
    own = state.comparison.map
    if code_refusal(first, second):
        return replace(own, **{name: getattr(state.map, name) for name in _SHARED})
    if not are_planes_shared(state.map.plane, first, second):
        return replace(state.map, view=own.view if other.map.plane == state.map.plane else None)
    has_plane = other.map.plane == state.map.plane and other.map.spacing == state.map.spacing
    agree = has_plane and do_views_agree(state.map.view, other.map.view)
    return replace(state.map, view=other.map.view if agree else state.map.view)


def _laws(blocks: tuple[BlockFacts, ...]) -> tuple[object, ...]:
    # Names are words of the families; what numbers mean is said by their law and shape.
    return tuple((block.start, block.size, block.prior, block.level, block.shape) for block in blocks)


def _middle(view: View) -> tuple[float, float, float, float]:
    left, bottom, right, top = view
    return (left + right) / 2, (bottom + top) / 2, right - left, top - bottom
