"""`data`: what there is to train on, how to get it, and what is in it."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from trainers.cli.options import JsonOption
from trainers.cli.terminal import Terminal

if TYPE_CHECKING:
    from trainers.data.image_dataset import ImageDataset
    from trainers.data.import_report import FileProblem, ImportReport

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
    """Download a dataset that is not on this machine yet."""
    from trainers.data.catalogue import DATASETS
    from trainers.data.storage import data_folder

    terminal = Terminal(as_json)
    source = DATASETS[name]
    was_available = source.is_available()
    if not was_available:
        with terminal.progress(f"getting {name}") as report:
            source.download(report)
    place = source.location() or "the installed packages"
    terminal.say(f"{name} is {'already' if was_available else 'now'} in {place}.")
    terminal.answer({"data": name, "downloaded": not was_available, "folder": str(data_folder())})


@data_app.command("show")
def show_data(data: SourceArgument, as_json: JsonOption = False) -> None:
    """Show how many images of which size and class there are, and every file that could not be used."""
    from trainers.data.catalogue import dataset_source

    terminal = Terminal(as_json)
    source = dataset_source(data)
    with terminal.progress(f"reading {data}") as report:
        train = source.open("train", report)
        test = source.open("test", report)
    splits = {"train": train.dataset, "test": test.dataset}
    spec = train.dataset.spec
    terminal.say(_facts(spec.name, spec.shape))
    terminal.say(_class_table(splits))
    _say_problems(terminal, train.report)
    terminal.answer(
        {
            "data": spec.name,
            "shape": list(spec.shape),
            "class_names": list(spec.class_names),
            "attribute_names": list(spec.attribute_names),
            "fingerprint": spec.fingerprint,
            "splits": {name: _split_values(dataset) for name, dataset in splits.items()},
            "problems": [_problem_values(problem) for problem in train.report.problems],
        }
    )


def _facts(name: str, shape: tuple[int, ...]) -> str:
    channels, height, width = shape
    return f"{name}: {width}×{height} pixels, {'colour' if channels == 3 else 'grey'}"


def _class_table(splits: "dict[str, ImageDataset]") -> Table:
    counts = {name: _class_counts(dataset) for name, dataset in splits.items()}
    table = Table("class", *splits)
    for class_name in splits["train"].spec.class_names:
        table.add_row(class_name, *(f"{counts[name][class_name]:,}" for name in splits))
    table.add_section()
    table.add_row("all", *(f"{len(dataset):,}" for dataset in splits.values()))
    return table


def _class_counts(dataset: "ImageDataset") -> Counter[str]:
    names = dataset.spec.class_names
    labels = [] if dataset.labels is None else dataset.labels.tolist()
    return Counter(names[label] for label in labels)


def _split_values(dataset: "ImageDataset") -> dict[str, Any]:
    counts = _class_counts(dataset)
    return {"count": len(dataset), "classes": {name: counts[name] for name in dataset.spec.class_names}}


def _say_problems(terminal: Terminal, report: "ImportReport") -> None:
    if not report.problems:
        return
    terminal.say(f"{report.kept:,} files became images; there was something about {len(report.problems):,}:")
    for problem in report.problems:
        terminal.say(f"  {problem.path}: {problem.sentence}")


def _problem_values(problem: "FileProblem") -> dict[str, Any]:
    return {"path": problem.path, "sentence": problem.sentence, "kept": problem.kept}
