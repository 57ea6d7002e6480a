"""Pictures one after the other as a film."""

import errno
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainers.atomic_writing import disk_failure, replacement
from trainers.errors import StoppedError, UsageError
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import KEYWORD, FilmTiming, Provenance
from trainers.reporting import Report, StopRequested, never, no_report

FILM_SUFFIXES = (".gif", ".mp4")
Frame = NDArray[np.uint8]


def check_film_format(path: Path) -> None:
    """Raise `UsageError` unless the name of a file says a kind of film that can be written."""
    if path.suffix.lower() not in FILM_SUFFIXES:
        raise UsageError(f"{path} cannot be written: the name of a film must end in {' or '.join(FILM_SUFFIXES)}.")


def write_film(
    path: Path,
    sheet: PictureSheet,
    timing: FilmTiming,
    provenance: Provenance,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> None:
    """Write the pictures of a sheet as frames of an endless GIF or of an MP4, whole or not at all.

    Raises `UsageError` for another kind, `FailureError` where it cannot be written, and `StoppedError`.
    """
    check_film_format(path)
    order = frame_order(len(sheet.pictures), timing)

    def frames() -> Iterator[Frame]:
        for done, place in enumerate(order):
            if stop_requested():
                raise StoppedError
            report(done / len(order), f"frame {done + 1:,} of {len(order):,}")
            yield sheet.pictures[place].repeat(sheet.scale, axis=0).repeat(sheet.scale, axis=1)

    write = _write_gif if path.suffix.lower() == ".gif" else _write_mp4
    try:
        with replacement(path) as temporary:
            write(temporary, frames(), timing.frames_per_second, f"{KEYWORD} {provenance.text()}")
    except OSError as error:
        raise disk_failure(path, error) from error
    report(1.0, "written")


def frame_order(count: int, timing: FilmTiming) -> list[int]:
    """Which picture each frame shows; a film that runs there and back shows neither end twice in a row."""
    there = list(range(count))
    return there + there[-2:0:-1] if timing.there_and_back else there


def film_text(path: Path) -> str:
    """The comment in an MP4, empty where there is none; raises `ValueError` for what is no film."""
    from imageio_ffmpeg import get_ffmpeg_exe

    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path.absolute()), "-f", "ffmetadata", "-"]
    found = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if found.returncode != 0:
        raise ValueError("not a film")
    lines = found.stdout.decode("utf-8", "replace").splitlines()
    comment = next((line.removeprefix("comment=") for line in lines if line.startswith("comment=")), "")
    # The format puts a backslash before what means something in it.
    parts = comment.split("\\\\")
    return "\\".join(part.replace("\\", "") for part in parts)


def _write_gif(path: Path, frames: Iterator[Frame], frames_per_second: float, comment: str) -> None:
    from PIL import Image

    images = (Image.fromarray(frame[:, :, 0] if frame.shape[2] == 1 else frame) for frame in frames)
    first = next(images)
    with path.open("wb") as file:
        first.save(
            file,
            format="GIF",
            save_all=True,
            append_images=images,
            duration=1000.0 / frames_per_second,
            loop=0,
            comment=comment.encode("ascii"),
        )


def _write_mp4(path: Path, frames: Iterator[Frame], frames_per_second: float, comment: str) -> None:
    from imageio_ffmpeg import write_frames

    first = next(frames)
    height, width = first.shape[:2]
    writer = write_frames(
        str(path),
        (width, height),
        fps=frames_per_second,
        codec="libx264",
        quality=9,
        macro_block_size=1,
        ffmpeg_log_level="error",
        # Players want even sides and this order of colours; the last row and column are repeated where they are odd.
        output_params=[
            "-vf",
            "pad=ceil(iw/2)*2:ceil(ih/2)*2",
            "-f",
            "mp4",
            "-metadata",
            f"comment={comment}",
        ],
    )
    writer.send(None)
    try:
        for frame in chain([first], frames):
            writer.send(np.broadcast_to(frame, (height, width, 3)).copy())
    finally:
        writer.close()
    try:
        film_text(path)
    except ValueError as error:
        # The encoder is another process, whose end says nothing of a disk that was full.
        raise OSError(errno.EIO, "the encoder broke off; the disk may be full") from error
