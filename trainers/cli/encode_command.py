"""`encode`: codes of a dataset."""

from pathlib import Path
from typing import Annotated

import typer

from trainers.cli.opened_model import open_model
from trainers.cli.options import DataOption, DeviceOption, JsonOption, LimitOption, RunArgument, SplitOption
from trainers.cli.terminal import Terminal


def encode(
    run: RunArgument,
    split: SplitOption = "test",
    out: Annotated[Path, typer.Option(help="NPZ file to write.")] = Path("codes.npz"),
    limit: LimitOption = None,
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Encode a dataset into a file of NumPy arrays: codes, log_variances, labels."""
    from trainers.engine.encoding import encode_dataset
    from trainers.engine.output_file import check_output

    terminal = Terminal(as_json)
    check_output(out, ".npz")
    opened = open_model(run, device)
    dataset = opened.dataset(split, data)
    with terminal.progress("encoding") as report:
        encodings = encode_dataset(opened.model, dataset, report, limit=limit, digest=opened.header.digest)
    encodings.save(out)
    count, size = encodings.codes.shape
    terminal.say(f"{count:,} codes of {size} numbers, {dataset.spec.name} {split}, {opened.title}: {out}")
    terminal.answer(
        {
            "out": str(out),
            "count": count,
            "latent_size": size,
            "data": dataset.spec.name,
            "split": split,
            "checkpoint": str(opened.checkpoint),
        }
    )
