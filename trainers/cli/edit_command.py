"""`edit`: an item, a picture or a sum of groups, moved along a direction."""

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainers.cli.directions_command import OrthogonalOption, chosen_methods, find_table
from trainers.cli.group_options import GroupOption, parse_groups
from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import DataOption, DeviceOption, JsonOption, RunArgument, ScaleOption, SplitOption
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_picture, write_recipe
from trainers.data.image_dataset import Split
from trainers.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from trainers.engine.attribute_columns import Groups
    from trainers.engine.code_arithmetic import CodeSum
    from trainers.latent.direction import Direction
    from trainers.reporting import Report

KeyArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="KEY",
        help="What to edit: the place of an item from 0, such as 12; a picture file; a sample, such as sample:7.",
        show_default=False,
    ),
]
ExpressionOption = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help="A sum to begin with in place of KEY, such as 'smiling - \"not smiling\" + #12': classes, attributes and "
        "keys.",
        show_default=False,
    ),
]
DirectionOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Where to: a class, an attribute, or such as 'principal 1'.", show_default=False),
]
OneMethodOption = Annotated[
    str | None, typer.Option("--method", metavar="NAME", help="How the direction is found; means by default.")
]
AmountsOption = Annotated[
    str | None, typer.Option(metavar="NUMBERS", help="Sigmas to move by, with commas between them.", show_default=False)
]
RangeOption = Annotated[
    float | None, typer.Option("--range", min=0.01, max=1e6, help="Sigmas on either side; 3 by default.")
]
StepsOption = Annotated[int | None, typer.Option(min=2, max=1000, help="Pictures in the strip; 7 by default.")]
_REACH, _STEPS, _MOST_AMOUNTS = 3.0, 7, 1000
_OWN_NAME = re.compile(r"(?:\S+ )?(principal|first-layer|jacobian) ([1-9]\d*)")


def edit(
    run: RunArgument,
    key: KeyArgument = None,
    expression: ExpressionOption = None,
    direction: DirectionOption = None,
    group: GroupOption = None,
    method: OneMethodOption = None,
    amounts: AmountsOption = None,
    reach: RangeOption = None,
    steps: StepsOption = None,
    orthogonal_to: OrthogonalOption = None,
    scale: ScaleOption = None,
    out: Annotated[Path, typer.Option(help="PNG, TIFF, SVG, PDF, GIF or MP4 file to write.")] = Path("edit.png"),
    split: SplitOption = "test",
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Move a code along a direction by sigmas of the data, or draw the terms of a sum with what they make.

    Items count in the split; directions and groups are those of the training data, in which the places of a --group
    count too.
    """
    from trainers.export.sheet_recipes import strip_recipe

    terminal = Terminal(as_json)
    wanted, groups = _amounts(amounts, reach, steps), parse_groups(group)
    _require_a_wish(key, expression, direction, orthogonal_to or [])
    check_picture(out, film_too=True)
    opened = open_model(run, device)
    with terminal.progress("finding codes") as report:
        start, notes, total = _start(opened, key, expression, split, data, groups, report)
    answer: dict[str, Any] = {"out": str(out), "start": key or expression}
    if direction is None:
        assert total is not None
        codes, titles = _terms(total)
        recipe = strip_recipe(opened.model, codes, _told(start[1]), scale, titles)
        said = f"{expression} = the last of {len(recipe.codes)} pictures"
    else:
        with terminal.progress("finding the direction") as report:
            found = _direction(opened, direction, method, orthogonal_to or [], start, data, groups, report)
        titles = tuple(_title(amount) for amount in wanted)
        codes = found.moved(start[0], wanted)
        recipe = strip_recipe(opened.model, codes, _told(start[1]), scale, titles)
        position = float(found.positions(start[0]))
        said = f"{key or expression} moved along {found.name} by {_said(wanted)} sigmas from {position:+.2f}"
        answer |= {"direction": found.name, "method": found.method, "amounts": wanted, "position": position}
    if total is not None:
        answer["terms"] = [
            {"name": term.name, "coefficient": term.coefficient, "items": term.count} for term in total.terms
        ]
    write_recipe(terminal, opened, recipe, out)
    for note in notes:
        terminal.warn(note)
    terminal.say(f"{said}, {opened.title}: {out}")
    terminal.answer({**answer, "notes": notes, "checkpoint": str(opened.checkpoint)})


def _require_a_wish(key: str | None, expression: str | None, direction: str | None, beside: list[str]) -> None:
    if (key is None) == (expression is None):
        raise UsageError("Say what to edit: either KEY, such as 12 or a picture file, or an --expression.")
    if expression is None and direction is None:
        raise UsageError("Say where to with --direction NAME; the command 'directions' shows the names.")
    if direction in beside:
        raise UsageError(f"Nothing is left of {direction} beside itself; leave out --orthogonal-to {direction}.")


def _amounts(text: str | None, reach: float | None, steps: int | None) -> list[float]:
    if text is None:
        distance, count = reach or _REACH, steps or _STEPS
        return [distance * (2 * place - count + 1) / (count - 1) for place in range(count)]
    if reach is not None or steps is not None:
        raise UsageError("Give either --amounts or --range and --steps, not both.")
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError:
        numbers = [math.nan]
    if not all(math.isfinite(number) for number in numbers) or len(numbers) > _MOST_AMOUNTS:
        raise UsageError(
            f"--amounts {text[:40]} is not allowed: give up to {_MOST_AMOUNTS:,} numbers with commas, such as -2,0,2."
        )
    return numbers


def _start(
    opened: OpenedModel,
    key: str | None,
    expression: str | None,
    split: Split,
    data: str | None,
    groups: "Mapping[str, Groups]",
    report: "Report",
) -> "tuple[tuple[NDArray[np.float64], Tensor | None], list[str], CodeSum | None]":
    """The code to begin with and its condition, what was done to pictures, and the sum where there is one."""
    from trainers.engine.named_codes import named_codes

    if key is not None:
        (named,) = named_codes(opened.model, [key], lambda: opened.dataset(split, data), report=report)
        code = named.code.detach().cpu().double().numpy()
        return (code, named.condition), _notes([(named.name, named.note)]), None
    assert expression is not None
    total = _sum(opened, expression, split, data, groups, report)
    return (total.code, total.condition), _notes([(term.name, term.note) for term in total.terms]), total


def _notes(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{name} was {note}." for name, note in pairs if note]


def _sum(
    opened: OpenedModel,
    expression: str,
    split: Split,
    data: str | None,
    groups: "Mapping[str, Groups]",
    report: "Report",
) -> "CodeSum":
    import numpy as np

    from trainers.engine.attribute_columns import AttributeColumns
    from trainers.engine.code_arithmetic import names_groups, summed_codes
    from trainers.engine.direction_cache import codes_with_columns, columns_of
    from trainers.engine.encoding import split_with_codes
    from trainers.reporting import part_of

    has_codes = split_with_codes(opened.model, "train") is not None
    codes: NDArray[np.floating] = np.zeros((0, opened.model.latent_space.size))
    columns = AttributeColumns((), np.zeros((0, 0)))
    if has_codes:
        known = opened.dataset("train", data)
        columns = columns_of(known, len(known), groups)
        if names_groups(expression, columns):
            codes, columns = codes_with_columns(opened.model, known, groups=groups, report=part_of(report, 0, 2))
    items = part_of(report, 1, 2)
    return summed_codes(opened.model, expression, codes, columns, lambda: opened.dataset(split, data), report=items)


def _direction(
    opened: OpenedModel,
    name: str,
    method: str | None,
    beside: list[str],
    start: "tuple[NDArray[np.float64], Tensor | None]",
    data: str | None,
    groups: "Mapping[str, Groups]",
    report: "Report",
) -> "Direction":
    """The direction of a name, of the decoder at the start where it is one of a Jacobian."""
    from trainers.engine.directions import DirectionSettings

    own = [found for found in map(_OWN_NAME.fullmatch, [name, *beside]) if found is not None]
    of_data = [one for one in [name, *beside] if _OWN_NAME.fullmatch(one) is None]
    methods = [*(chosen_methods([method] if method else None) if of_data else ()), *(found[1] for found in own)]
    settings = DirectionSettings.from_values(
        {
            "methods": list(dict.fromkeys(methods)),
            "chosen": list(dict.fromkeys(of_data)),
            "orthogonal_to": list(dict.fromkeys(beside)),
            "count": max((int(found[2]) for found in own), default=1),
        }
    )
    return find_table(opened, settings, "train", data, start, report, groups).direction(name)


def _terms(total: "CodeSum") -> "tuple[NDArray[np.float64], tuple[str, ...]]":
    import numpy as np

    codes = np.stack([*(term.code for term in total.terms), total.code])
    return codes, (*(term.title for term in total.terms), "=")


def _told(condition: "Tensor | None") -> "NDArray[np.floating] | None":
    return None if condition is None else condition.cpu().flatten().numpy()[None]


def _title(amount: float) -> str:
    return "0" if abs(amount) < 1e-9 else f"{amount:+.3g}σ".replace("-", "−")


def _said(amounts: list[float]) -> str:
    if len(amounts) == 1:
        return f"{amounts[0]:g}"
    return f"{amounts[0]:g} to {amounts[-1]:g}"
