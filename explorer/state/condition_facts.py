"""What a model wants to be told beside a code, and conditions as plain numbers."""

from dataclasses import dataclass
from typing import Literal

ConditionKind = Literal["none", "classes", "attributes", "identity", "image"]
# Flat, as many numbers as the model wants; empty stands for what is usual for the model.
Condition = tuple[float, ...]

# No attribute is worth decoding beyond this, whatever a session file says.
_LARGEST = 1e6
_ATTRIBUTES_SAID = 2
_SHARES_SAID = 2
_ROUNDING = 1e-6


@dataclass(frozen=True)
class ConditionFacts:
    """The condition of one model.

    names: classes, identities or attributes in order. minima, maxima: of each attribute in the training data.
    decodes: whether pictures depend on it, or only what is sampled does.
    usual: the condition where nobody chose one, as many numbers as a condition has; empty for a model without.
    """

    kind: ConditionKind = "none"
    names: tuple[str, ...] = ()
    minima: tuple[float, ...] = ()
    maxima: tuple[float, ...] = ()
    decodes: bool = True
    usual: Condition = ()

    @property
    def is_choice(self) -> bool:
        """Whether a condition is one of `names`."""
        return self.kind in ("classes", "identity")

    @property
    def can_be_set(self) -> bool:
        """Whether there are controls for it."""
        return self.is_choice or self.kind == "attributes"

    def of_name(self, place: int) -> Condition:
        """The condition that is one of `names`, counted from 0."""
        return tuple(float(index == place) for index in range(len(self.names)))

    def place(self, condition: Condition) -> int:
        """Which of `names` a condition is, -1 for none of them."""
        places = [index for index, value in enumerate(condition) if value == 1.0]
        is_one = len(places) == 1 and all(value in (0.0, 1.0) for value in condition)
        return places[0] if self.is_choice and is_one else -1

    def fits(self, condition: Condition) -> bool:
        """Whether a model can be told this: names may be mixed in shares, and the empty condition fits every model."""
        if not condition:
            return True
        if len(condition) != len(self.usual) or not all(abs(value) < _LARGEST for value in condition):
            return False
        return not self.is_choice or self.place(condition) >= 0 or _is_mixed(condition)

    def fitting(self, condition: Condition) -> Condition:
        """The condition in full: the usual one for an empty one and for one that does not fit."""
        return condition if condition and self.fits(condition) else self.usual

    def text(self, condition: Condition) -> str:
        """A condition in words such as "class 3"; empty for a model without one."""
        if self.kind == "attributes":
            return self._attributes_text(condition)
        place = self.place(condition)
        if place >= 0:
            return self._name(place)
        if not (self.is_choice and len(condition) == len(self.names) and _is_mixed(condition)):
            return ""
        largest = sorted(range(len(condition)), key=lambda place: -condition[place])
        shares = [f"{condition[place]:.0%} {self._name(place)}" for place in largest if condition[place] > 0.0]
        return ", ".join(shares[:_SHARES_SAID]) + (", …" if len(shares) > _SHARES_SAID else "")

    def _name(self, place: int) -> str:
        return f"class {self.names[place]}" if self.kind == "classes" else self.names[place]

    def _attributes_text(self, condition: Condition) -> str:
        unusual = [
            f"{name} {round(value, 2) + 0.0:.2f}".replace("-", "−")
            for name, value, usual in zip(self.names, condition, self.usual, strict=True)
            if value != usual
        ]
        more = ", …" if len(unusual) > _ATTRIBUTES_SAID else ""
        return ", ".join(unusual[:_ATTRIBUTES_SAID]) + more if unusual else "middle attributes"


def _is_mixed(condition: Condition) -> bool:
    # A point between two items of different classes is told a share of each.
    return all(0.0 <= value <= 1.0 for value in condition) and abs(sum(condition) - 1.0) < _ROUNDING
