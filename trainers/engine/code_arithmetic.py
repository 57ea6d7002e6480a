"""Sums of the codes of groups and of single images."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.engine.attribute_columns import AttributeColumns
from trainers.engine.named_codes import NamedCode, named_codes
from trainers.errors import UsageError
from trainers.latent.expression import Term, parse_expression
from trainers.models.latent_model import LatentModel
from trainers.registry import unknown_name
from trainers.reporting import Report, StopRequested, never, no_report

_SINGLE = ("#", "sample:")


@dataclass(frozen=True, eq=False)
class CodeTerm:
    """A term of a sum: a group's mean code, or the code (latent_size,) of one image.

    count: items in the group, 1 for an image. note: what was done to make a picture fit, empty for nothing.
    """

    name: str
    coefficient: float
    code: NDArray[np.float64]
    count: int
    note: str = ""

    @property
    def title(self) -> str:
        """Such as "+ 0.5 × smiling"."""
        times = "" if abs(self.coefficient) == 1.0 else f"{abs(self.coefficient):g} × "
        return f"{'−' if self.coefficient < 0.0 else '+'} {times}{self.name}"


@dataclass(frozen=True, eq=False)
class CodeSum:
    """The terms of a sum and what they make.

    code: (latent_size,). condition: (*shape) of the first single image, None where there is none.
    """

    terms: tuple[CodeTerm, ...]
    code: NDArray[np.float64]
    condition: Tensor | None = None


def names_groups(text: str, known: AttributeColumns) -> bool:
    """Whether an expression names anything but single images, so that codes of data are needed."""
    return any(not _is_single(term, known) for term in parse_expression(text, known.known))


def summed_codes(
    model: LatentModel,
    text: str,
    codes: NDArray[np.floating],
    columns: AttributeColumns,
    items: Callable[[], ImageDataset],
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> CodeSum:
    """The sum that an expression describes, see `parse_expression`.

    A name is a class or an attribute, whose group are the items of the class, or with values above the attribute's
    mean; else it is one image, see `named_codes`.
    codes: (count, latent_size), with a row of the columns for each. items: the split that places count in.
    Raises `UsageError` for an expression that cannot be read, an unknown name or an empty group, and `StoppedError`.
    """
    terms = parse_expression(text, columns.known)
    single = [term.name for term in terms if _is_single(term, columns)]
    images = named_codes(model, single, items, report=report, stop_requested=stop_requested)
    by_name = dict(zip(single, images, strict=True))
    found = tuple(
        _image(term, by_name[term.name]) if term.name in by_name else _group(term, codes, columns) for term in terms
    )
    total = np.sum([term.coefficient * term.code for term in found], axis=0)
    return CodeSum(found, np.asarray(total, np.float64), images[0].condition if images else None)


def _is_single(term: Term, columns: AttributeColumns) -> bool:
    """Whether a term is one image; raises `UsageError` for a name that is neither an image nor a group."""
    (first, *others) = term.parts
    if others or first.negated or first.name in columns.known:
        for part in term.parts:
            if part.name not in columns.known:
                raise UsageError(unknown_name("class or attribute", part.name, columns.known))
        return False
    if not first.name.startswith(_SINGLE) and "." not in first.name and "/" not in first.name:
        raise UsageError(unknown_name("class, attribute or picture", first.name, columns.known))
    return True


def _image(term: Term, named: NamedCode) -> CodeTerm:
    code = named.code.detach().to("cpu", torch.float64).numpy()
    return CodeTerm(term.name, term.coefficient, code, 1, named.note)


def _group(term: Term, codes: NDArray[np.floating], columns: AttributeColumns) -> CodeTerm:
    members = np.ones(len(codes), bool)
    for part in term.parts:
        low, high = columns.members(part.name)
        members &= low if part.negated else high
    if not members.any():
        raise UsageError(f"None of the {len(codes):,} encoded items is {term.name}; choose another group.")
    mean = codes[members].mean(axis=0, dtype=np.float64)
    return CodeTerm(term.name, term.coefficient, mean, int(members.sum()))
