"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from trainers.data.image_dataset import Split

# Tiles along each side of a slice.
MOST_TILES = 100

RunArgument = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="A run folder, a checkpoint file, or a path inside a run.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on the last line of stdout.")]
SeedOption = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all randomness.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]
DataOption = Annotated[
    str | None,
    typer.Option("--data", help="A dataset or a path other than the one the model learned from.", show_default=False),
]
SplitOption = Annotated[Split, typer.Option(help="Which part of the data.")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Use only the first so many items.", show_default=False)]
BatchSizeOption = Annotated[int, typer.Option(min=1, max=65536, help="Items per step; does not change the result.")]
ScaleOption = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Enlargement of every picture; easily seen by default.", show_default=False),
]
InceptionOption = Annotated[
    Path | None,
    typer.Option(
        "--inception-weights",
        help="File of the weights of Inception-v3; LATENT_EXPLORER_INCEPTION or the downloaded ones by default.",
        show_default=False,
    ),
]
DrawnOption = Annotated[
    int | None,
    typer.Option(
        min=2,
        max=1_000_000,
        help="Samples drawn for metrics of samples; 10,000, or what the metric says, by default.",
        show_default=False,
    ),
]
