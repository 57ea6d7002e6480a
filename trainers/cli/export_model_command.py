"""`export model`: one checkpoint file to pass on, with codes of its data beside it."""

from pathlib import Path
from typing import Annotated

import typer

from trainers.cli.opened_model import open_model
from trainers.cli.options import DataOption, DeviceOption, JsonOption, RunArgument
from trainers.cli.terminal import Terminal
from trainers.data.image_dataset import Split

OutOption = Annotated[Path, typer.Option(help="Checkpoint file to write.")]
EncodingsOption = Annotated[Split | None, typer.Option(help="Also write the codes of this split.", show_default=False)]


def export_model(
    run: RunArgument,
    out: OutOption = Path("model.safetensors"),
    encodings: EncodingsOption = None,
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Copy the newest checkpoint out of its run.

    With --encodings the codes of a split are written to NAME.encodings.npz beside it, and the window opens such a
    file with its points already on the map. The shipped model is made so:
    export model runs/digits --encodings test --out resources/checkpoints/digits.safetensors
    """
    from trainers.atomic_writing import write_atomically
    from trainers.engine.encoding import encode_dataset
    from trainers.engine.output_file import check_output

    terminal = Terminal(as_json)
    check_output(out, ".safetensors")
    opened = open_model(run, device)
    answer: dict[str, str | int] = {"out": str(out), "checkpoint": str(opened.checkpoint)}
    if encodings is not None:
        dataset = opened.dataset(encodings, data)
        codes_file = out.with_suffix(".encodings.npz")
        with terminal.progress("encoding") as report:
            codes = encode_dataset(opened.model, dataset, report, digest=opened.header.digest)
        codes.save(codes_file)
        answer |= {"encodings": str(codes_file), "count": len(codes.codes)}
    write_atomically(out, opened.checkpoint.read_bytes())
    terminal.say(f"{opened.title}: {out}" + (f" and {answer['encodings']}" if encodings else ""))
    terminal.answer(answer)
