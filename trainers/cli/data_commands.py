"""`data`: what there is to train on, how to get it, and what is in it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from trainers.cli.options import JsonOption
from trainers.cli.terminal import Terminal
from trainers.reporting import never

if TYPE_CHECKING:
    from trainers.data.data_spec import DataSpec
    from trainers.data.description import DataDescription

data_app = typer.Typer(help="List, download and look at datasets.", rich_markup_mode=None)

SourceArgument = Annotated[
    str, typer.Argument(metavar="DATA", help="A dataset, a folder or zip of images, or a table of points.")
]


PictureOption = Annotated[
    Path | None,
    typer.Option(help="PNG file to draw training items into; points.png for points, none for images by default."),
]


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
    terminal.say(f"Downloads go to {data_folder()}.")
    terminal.say("A folder or zip of images, or a table of points (.csv, .npy, .npz), can be named in their place.")
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
def show_data(data: SourceArgument, out: PictureOption = None, as_json: JsonOption = False) -> None:
    """Show how many items of which size and class there are, and every file that could not be used; draw points."""
    from trainers.data.catalogue import load_dataset
    from trainers.data.description import describe
    from trainers.engine.output_file import check_output
    from trainers.engine.pictures import write_png
    from trainers.engine.sheets import dataset_sheet

    terminal = Terminal(as_json)
    if out is not None:
        check_output(out, ".png")
    with terminal.progress(f"reading {data}") as report:
        description = describe(data, report)
    spec = description.spec
    terminal.say(f"{spec.name}: {_kind_of_items(spec)}")
    terminal.say(_class_table(description))
    if spec.attribute_names:
        terminal.say(_attribute_table(spec))
    if description.problems:
        terminal.say(f"{len(description.problems):,} files could not be used, or only in part:")
    for problem in description.problems:
        terminal.say(f"  {problem.path} {problem.sentence}")
    if spec.kind == "points":
        out = out or Path("points.png")
    if out is not None:
        check_output(out, ".png")
        write_png(out, dataset_sheet(load_dataset(data, "train")))
        terminal.say(f"Picture of training items: {out}")
    terminal.answer(
        {
            "data": spec.name,
            "kind": spec.kind,
            "out": None if out is None else str(out),
            "shape": list(spec.shape),
            "class_names": list(spec.class_names),
            "attribute_names": list(spec.attribute_names),
            "fingerprint": spec.fingerprint,
            "splits": {"train": description.train.model_dump(), "test": description.test.model_dump()},
            "problems": [problem.model_dump() for problem in description.problems],
        }
    )


@data_app.command("classifier")
def train_data_classifier(
    name: SourceArgument,
    again: Annotated[bool, typer.Option("--again", help="Train anew where there is one already.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train the small network that tells a dataset's classes apart, by which samples of models are recognised.

    It is kept in the cache; the metrics mode_coverage, conditional_accuracy and those named embedded use it.
    """
    from trainers.data.catalogue import load_dataset
    from trainers.engine.classifier_training import classifier_available, load_classifier, train_classifier
    from trainers.metrics.embedded_classifier import EmbeddedClassifier

    terminal = Terminal(as_json)
    spec = load_dataset(name, "train").spec
    known = load_classifier(spec) if classifier_available(spec) and not again else None
    is_known = isinstance(known, EmbeddedClassifier)
    if isinstance(known, EmbeddedClassifier):
        accuracy = known.accuracy
    else:
        with terminal.progress(f"classifier of {name}") as report:
            accuracy = train_classifier(name, report, never)
    already = "Already there" if is_known else "Trained"
    terminal.say(f"{already}: the classifier of {name} gets {100.0 * accuracy:.2f} % of the test split right.")
    terminal.answer({"data": name, "accuracy": accuracy, "trained": not is_known, "classes": list(spec.class_names)})


@data_app.command("inception")
def get_inception(as_json: JsonOption = False) -> None:
    """Download the weights of Inception-v3, 96 MB, by which the metrics named inception compare pictures."""
    from trainers.engine.inception_weights import download_inception, inception_path

    terminal = Terminal(as_json)
    with terminal.progress("weights of Inception-v3") as report:
        is_new = download_inception(report)
    terminal.say(
        f"The weights of Inception-v3 are {'now' if is_new else 'already, and undamaged,'} in {inception_path()}."
    )
    terminal.answer({"file": str(inception_path()), "downloaded": is_new})


def _kind_of_items(spec: "DataSpec") -> str:
    if spec.kind == "points":
        return "points in the plane"
    channels, height, width = spec.shape
    return f"{width}×{height} pixels, {'colour' if channels == 3 else 'grey'}"


def _class_table(description: "DataDescription") -> Table:
    table = Table("class", "train", "test")
    splits = (description.train, description.test)
    for name in description.spec.class_names:
        table.add_row(name, *(f"{split.class_counts[name]:,}" for split in splits))
    table.add_section()
    table.add_row("all", *(f"{split.count:,}" for split in splits))
    return table


def _attribute_table(spec: "DataSpec") -> Table:
    table = Table("attribute", "lowest", "highest")
    for name, lowest, highest in zip(spec.attribute_names, spec.attribute_minima, spec.attribute_maxima, strict=True):
        table.add_row(name, f"{lowest:.6g}", f"{highest:.6g}")
    return table
