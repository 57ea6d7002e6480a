"""What is shown and said of a picture of the person's own."""

import numpy as np
from numpy.typing import NDArray

from explorer.controllers.plan import Plan
from explorer.services.own_pictures import EXACT, compared, search_refusal
from explorer.state.model_facts import ModelFacts
from explorer.state.own_picture import OwnComparison, OwnPicture
from explorer.state.wording import error_text, error_unit


def comparison(
    own: OwnPicture, pixels: NDArray[np.uint8], decoded: NDArray[np.uint8] | None, plan: Plan, problem: str
) -> OwnComparison:
    """An own picture, pixels (channels, height, width), beside what is decoded at the ring (height, width, channels).

    decoded: while it has no code, the best that a search has found so far.
    problem: why it has no code, as a sentence; empty where it has one or gets one.
    """
    original = np.ascontiguousarray(pixels.transpose(1, 2, 0))
    edited = decoded if decoded is not None and decoded.shape == original.shape else None
    difference, texts = None, []
    if edited is not None:
        difference, error = compared(pixels, edited)
        texts.append(f"squared error {error_unit(own.shape)} {error_text(error)}")
    facts = plan.opened.facts if plan.opened is not None else None
    told = facts.condition.text(own.condition) if facts is not None and own.code and own.condition else ""
    means = ", as ".join(part for part in (own.means, told) if part)
    texts += [text for text in (means, own.note and f"fitted: {own.note}") if text]
    refusal = search_refusal(facts) if facts is not None else ""
    if own.code and own.means == EXACT:
        refusal = "The code is the exact inverse, so there is none better"
    return OwnComparison(
        name=own.name,
        original=original,
        edited=edited,
        difference=difference,
        texts=tuple(texts),
        has_code=bool(own.code),
        problem=problem,
        is_edited=bool(own.code) and plan.code != own.code,
        search="Refine" if own.code else "Search",
        search_refusal=refusal,
    )


def misfit(own: OwnPicture, facts: ModelFacts) -> str:
    """Why an own picture is not shown with a model, as a sentence."""
    if facts.frame is not None:
        return f"This model learned from points, so your picture {own.name} has no code in it; undo brings it back."
    return (
        f"Your picture {own.name} was fitted to {_size(own.shape)}, and this model has {_size(facts.image_shape)}; "
        "open its file again, or undo."
    )


def _size(shape: tuple[int, ...]) -> str:
    channels, height, width = shape
    return f"{width} × {height} pixels {'of grey' if channels == 1 else 'in colour'}"
