"""`data`: what there is to train on, how to get it, and what is in it."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from trainers.cli.options import JsonOption
from trainers.cli.terminal import Terminal

if TYPE_CHECKING:
    from trainers.data.description import DataDescription

data_app = typer.Typer(help="List, download and look at datasets.", rich_markup_mode=None)

SourceArgument = Annotated[str, typer.Argument(metavar="DATA", help="A dataset, or a folder or zip of images.")]


@data_app.command("list")
def list_data(as_json: JsonOption = False) -> None:
    """Show the datasets, and which of them are on this machine."""
    from trainers.data.catalogue import DATASETS
    from trainers.data.storage import data_folder

    terminal = Terminal(as_json)
    datasets = {}
    table = Table("dataset", "on this machine", "description")
    for name in DATASETS:
        source = DATASETS[name]
        available = source.is_available()
        datasets[name] = {
            "description": source.description, "embedded": source.embedded, "available": available
        }  # fmt: skip
        table.add_row(name, "yes" if available else "no", source.description)
    terminal.say(table)
    terminal.say(f"Downloads go to {data_folder()}. A folder or zip of images can be named in place of a dataset.")
    terminal.answer({"datasets": datasets, "folder": str(data_folder())})


@data_app.command("get")
def get_data(name: Annotated[str, typer.Argument(help="Dataset to download.")], as_json: JsonOption = False) -> None:
    """Download what is missing of a dataset, or damaged; what is there and good stays as it is."""
    from trainers.data.catalogue import DATASETS
    from trainers.data.storage import data_folder

    terminal = Terminal(as_json)
    source = DATASETS[name]
    before = source.signature() if source.is_available() else ""
    with terminal.progress(f"getting {name}") as report:
        source.download(report)
    is_new = source.signature() != before
    place = source.location() or "the installed packages"
    terminal.say(f"{name} is {'now' if is_new else 'already, and undamaged,'} in {place}.")
    terminal.answer({"data": name, "downloaded": is_new, "folder": str(data_folder())})


@data_app.command("show")
def show_data(data: SourceArgument, as_json: JsonOption = False) -> None:
    """Show how many images of which size and class there are, and every file that could not be used."""
    from trainers.data.description import describe

    terminal = Terminal(as_json)
    with terminal.progress(f"reading {data}") as report:
        description = describe(data, report)
    spec = description.spec
    channels, height, width = spec.shape
    terminal.say(f"{spec.name}: {width}×{height} pixels, {'colour' if channels == 3 else 'grey'}")
    terminal.say(_class_table(description))
    if description.problems:
        terminal.say(f"{len(description.problems):,} files could not be used, or only in part:")
    for problem in description.problems:
        terminal.say(f"  {problem.path} {problem.sentence}")
    terminal.answer(
        {
            "data": spec.name,
            "shape": list(spec.shape),
            "class_names": list(spec.class_names),
            "attribute_names": list(spec.attribute_names),
            "fingerprint": spec.fingerprint,
            "splits": {"train": description.train.model_dump(), "test": description.test.model_dump()},
            "problems": [problem.model_dump() for problem in description.problems],
        }
    )


def _class_table(description: "DataDescription") -> Table:
    table = Table("class", "train", "test")
    splits = (description.train, description.test)
    for name in description.spec.class_names:
        table.add_row(name, *(f"{split.class_counts[name]:,}" for split in splits))
    table.add_section()
    table.add_row("all", *(f"{split.count:,}" for split in splits))
    return table
