"""What the points of the open model can be coloured by."""

from explorer.services.item_cards import original_items
from explorer.services.opening import Opened
from explorer.state.point_colour import ColourOption, PointColour
from explorer.state.wording import attribute_title


def colour_options(opened: Opened) -> tuple[ColourOption, ...]:
    """All that points can be coloured by, with the reason where this model or these data do not allow it."""
    facts, items, encoded = opened.facts, opened.items, opened.encoded
    # A generator's samples have the classes they are taken for, so what is encoded is asked as well.
    has_classes = bool(facts.class_names or (encoded is not None and encoded.class_names))
    originals, capabilities = _without_originals(opened), facts.capabilities
    slow = "The model draws number by number, which takes too long for all points" * ("sequential" in capabilities)
    has_codes = "encoder" in capabilities or "code_table" in capabilities
    no_encoder = "The model has no encoder" * (not has_codes)
    no_likelihood = "The model has no likelihood" * ("likelihood" not in capabilities)
    items = (original_items(encoded, items) if encoded is not None else None) or items
    names = () if items is None else items.spec.attribute_names if items.attributes is not None else ()
    attributes = [
        ColourOption(PointColour("attribute", name), f"By {attribute_title(name)}", originals) for name in names
    ]
    no_table = originals or "The data have no attribute table"
    return (
        ColourOption(PointColour("class"), "By class", "" if has_classes else "The data have no classes"),
        ColourOption(PointColour("none"), "One colour"),
        ColourOption(PointColour("error"), "By error", no_encoder or slow or originals),
        ColourOption(PointColour("likelihood"), "By likelihood", no_likelihood or originals),
        *(attributes or [ColourOption(PointColour("attribute"), "By attribute", no_table)]),
    )


def fitting_colour(wanted: PointColour, opened: Opened) -> PointColour:
    """What was chosen where it is possible, else the classes."""
    possible = [option.colour for option in colour_options(opened) if not option.reason]
    return wanted if wanted in possible else PointColour()


def _without_originals(opened: Opened) -> str:
    encoded = opened.encoded
    if encoded is not None and encoded.source == "samples":
        return "The points are samples of the model, which have no originals"
    if encoded is not None and encoded.originals is not None:
        return ""
    if encoded is not None and encoded.source == "train":
        return "The points are training items, which are not at hand"
    if encoded is None or opened.items is None:
        return "The test items are not there" if opened.items_problem else "The test items are not there yet"
    return "" if original_items(encoded, opened.items) is not None else "The points are other items than the test items"
