"""Which classes there are among the samples that are shown, in words."""

import numpy as np
from numpy.typing import NDArray

from explorer.services.samples import DrawnSamples
from explorer.state.model_facts import ModelFacts
from trainers.metrics.sample_classes import classes_covered

# A class may be missing among a few samples of a model that draws them all alike.
_CHANCE_WORTH_SAYING = 0.05


def coverage_text(drawn: DrawnSamples, facts: ModelFacts) -> str:
    """How many classes the samples cover, which are missing, and how many samples are of the class they were asked for.

    Empty where nothing recognised them, and for columns of rising temperature: the cool ones are alike on purpose.
    """
    names, count = facts.class_names, len(drawn.codes)
    if drawn.classes is None or not names or not count or drawn.rising:
        return ""
    asked = _asked(drawn, facts)
    parts = []
    if asked is None or len(set(asked.tolist())) > 1:
        parts.append(_covered(drawn.classes, names))
    if asked is not None:
        what = "as asked" if parts else f"of class {names[asked[0]]}"
        parts.append(f"{int((drawn.classes == asked).sum())} of {count} {what}")
    stray = int((drawn.classes < 0).sum())
    parts += [f"{stray} of no class"] if stray else []
    return " · ".join((*parts, f"recognised by the {drawn.recognised_by}"))


def _asked(drawn: DrawnSamples, facts: ModelFacts) -> NDArray[np.int64] | None:
    told = facts.condition.kind == "classes" and facts.condition.names == facts.class_names
    return drawn.conditions.argmax(axis=1) if told else None


def _covered(classes: NDArray[np.int64], names: tuple[str, ...]) -> str:
    counts = np.bincount(classes[classes >= 0], minlength=len(names))
    covered = classes_covered(counts.tolist(), len(classes))
    missing = [name for name, is_covered in zip(names, covered, strict=True) if not is_covered]
    by_chance = len(names) * (1.0 - 1.0 / len(names)) ** len(classes) > _CHANCE_WORTH_SAYING
    doubt = ", perhaps by chance among so few samples" if missing and by_chance else ""
    return f"{sum(covered)} of {len(names)} classes · missing {', '.join(missing) or 'none'}{doubt}"
