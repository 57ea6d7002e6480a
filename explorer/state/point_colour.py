"""What the colours of the map's points mean."""

from dataclasses import dataclass

from explorer.state.session_state import ColourKind


@dataclass(frozen=True)
class PointColour:
    """Colours by class, by nothing, or by a number; `attribute` is a column of the data's attribute table."""

    kind: ColourKind = "class"
    attribute: str = ""

    @property
    def is_number(self) -> bool:
        """Whether every point has a number rather than a class."""
        return self.kind in ("attribute", "error", "likelihood")


@dataclass(frozen=True)
class ColourOption:
    """Something to colour by, and why that is not possible; an empty reason means that it is."""

    colour: PointColour
    text: str
    reason: str = ""
