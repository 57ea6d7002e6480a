"""What is shown and said of two models side by side."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.controllers.comparison_link import ComparisonLink
from explorer.controllers.exportables import export_file
from explorer.services.exports import POINTS_SIDE, Exportable, pair_recipe, pictures_beside
from explorer.services.matching import how_they_differ
from explorer.state.comparison_values import LinkOffer, PicturePair
from explorer.state.export_values import ExportOffer, ExportOptions
from explorer.state.linked_state import code_refusal, items_text, picture_refusal
from explorer.state.model_facts import ModelFacts
from explorer.state.wording import error_text, error_unit

_SIDE = 160
_LOADING = "B is being opened."
_NOT_LINKED = "Nothing links the two; B stands where its own map says."


def side_title(facts: ModelFacts | None) -> str:
    """A model with how long it was trained, for example "vae / mnist · epoch 20"; empty for none."""
    return f"{facts.title} · epoch {facts.epoch:.3g}" if facts is not None else ""


def link_offer(link: ComparisonLink, first: ModelFacts | None, second: ModelFacts | None) -> LinkOffer:
    """How two models are linked and could be."""
    if first is None or second is None:
        return LinkOffer()
    return LinkOffer(link.link, {"code": code_refusal(first, second), "picture": picture_refusal(first, second)})


def picture_pair(
    link: ComparisonLink, first: ModelFacts | None, second: ModelFacts | None, problem: str = ""
) -> PicturePair:
    """The pictures of both with their difference. problem: why there is no B, as a sentence."""
    titles = (f"A · {side_title(first)}", f"B · {side_title(second)}" if second is not None else "B")
    (one, other), texts = link.pictures, []
    shown = None if one is None else one.picture
    if first is None or second is None or other is None:
        said = problem or link.problem
        return PicturePair(titles, shown, None, None, () if said else (_LOADING,), said)
    difference = None
    refusal = picture_refusal(first, second)
    if refusal:
        texts.append(f"{refusal}, so there is no difference to show")
    elif one is None or one.values is None or other.values is None or one.values.shape != other.values.shape:
        # That of a model opened just now is on its way.
        pass
    else:
        difference, text = _differing(one.values, other.values, first)
        texts.append(text)
    texts.append(_linked_text(link, first, second))
    return PicturePair(
        titles, shown, other.picture, difference, tuple(filter(None, texts)), link.problem, link.progress
    )


def _differing(
    one: NDArray[np.float32], other: NDArray[np.float32], facts: ModelFacts
) -> tuple[NDArray[np.uint8] | None, str]:
    if facts.frame is not None:
        return None, f"the points lie {float(np.linalg.norm(other - one)):.3g} apart"
    difference, error = how_they_differ(one, other)
    return difference, f"squared difference {error_unit(facts.image_shape)} {error_text(error)}"


def _linked_text(link: ComparisonLink, first: ModelFacts, second: ModelFacts) -> str:
    if link.link is None:
        return f"{_NOT_LINKED} {code_refusal(first, second)}."
    return "both decode the same code" if link.link == "code" else link.means


def facts_rows(first: ModelFacts, second: ModelFacts) -> tuple[tuple[str, str, str], ...]:
    """What can be said of both, as (what, of A, of B)."""
    columns = [_said_of(facts) for facts in (first, second)]
    return tuple((name, columns[0][name], columns[1][name]) for name in columns[0])


def facts_table(rows: tuple[tuple[str, str, str], ...]) -> str:
    """The same as a table of simple markup, A and B in a column each; what differs stands out."""
    lines = ["<tr><td></td><th align='left'>A</th><th align='left'>B</th></tr>"]
    for name, *columns in rows:
        text = [escape(column) for column in columns]
        cells = [f"<b>{column}</b>" for column in text] if text[0] != text[1] else text
        lines.append(f"<tr><td>{name}</td>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table cellpadding='4'>{''.join(lines)}</table>"


def _said_of(facts: ModelFacts) -> dict[str, str]:
    model, _, data = facts.title.partition(" / ")
    return {
        "Model": model,
        "Data": data,
        "Makes": items_text(facts),
        "Epoch": f"{facts.epoch:.3g}",
        "Step": f"{facts.step:,}",
        "Numbers in a code": f"{facts.latent_size:,}",
        "Levels of the code": f"{facts.levels}",
        "Parameters": f"{facts.parameters:,}",
        "Can": ", ".join(sorted(facts.capabilities)).replace("_", " ") or "decode alone",
    }


def pair_exportable(link: ComparisonLink, first: ModelFacts | None, second: ModelFacts | None) -> Exportable | None:
    """The pictures of both with their difference, as they can be exported; None while there are none."""
    pair, (one, other) = picture_pair(link, first, second), link.pictures
    if first is None or second is None or one is None or other is None:
        return None
    pictures = [one.picture, other.picture] + ([] if pair.difference is None else [pair.difference])
    shapes = [(POINTS_SIDE,) * 2 if facts.frame is not None else facts.image_shape[1:] for facts in (first, second)]
    height, width = (max(sides) for sides in zip(*shapes, strict=True))
    options = ExportOptions(max(1, _SIDE // max(height, width)), len(pictures))
    codes, told = (one.code, other.code), (one.condition, other.condition)
    return Exportable(
        "pictures of A and B",
        ExportOffer("Export A | B", export_file("compared"), len(pictures), height, width, options, has_titles=True),
        lambda chosen: pair_recipe(codes, told, second.digest, pair.difference is not None, chosen),
        lambda scale: pictures_beside(pictures, scale),
        second.path,
    )
