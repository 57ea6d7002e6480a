"""Films: every frame in its order, and what they say of themselves."""

import subprocess
from collections.abc import Generator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from trainers.errors import FailureError, StoppedError, UsageError
from trainers.export.films import frame_order, write_film
from trainers.export.picture_formats import read_provenance
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import FilmTiming, Provenance

# Each frame has a grey of its own, and odd sides.
GREYS = (0, 60, 120, 180, 240)
SHEET = PictureSheet(np.stack([np.full((15, 21, 1), grey, np.uint8) for grey in GREYS]), 5, 3)
ORDER = (*GREYS, 180, 120, 60)
PROVENANCE = Provenance(model="vae", state={"text": 'a "b" \\ = ; # ü\nline'}, film=FilmTiming(frames_per_second=10.0))


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_what_a_film_says_of_itself_comes_back(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"film{suffix}"
    write_film(file, SHEET, FilmTiming(frames_per_second=10.0), PROVENANCE)
    assert read_provenance(file) == PROVENANCE


def test_a_gif_has_exactly_these_frames_without_end(tmp_path: Path) -> None:
    file = tmp_path / "film.gif"
    write_film(file, SHEET, FilmTiming(frames_per_second=10.0), PROVENANCE)
    with Image.open(file) as film:
        greys = []
        for frame in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(frame)
            assert film.info["duration"] == 100
            greys.append(int(np.asarray(film.convert("L"))[7, 7]))
        assert film.size == (63, 45)
        assert film.info["loop"] == 0
    assert tuple(greys) == ORDER


def test_an_mp4_has_these_frames_in_even_sides(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    write_film(file, SHEET, FilmTiming(frames_per_second=10.0), PROVENANCE)
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(file), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    frames = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
    greys = frames.reshape(len(ORDER), 46, 64)[:, 20, 20]
    np.testing.assert_allclose(greys.astype(int), ORDER, atol=4)


def test_a_film_that_only_goes_there_ends_there() -> None:
    assert frame_order(4, FilmTiming(there_and_back=False)) == [0, 1, 2, 3]
    assert frame_order(4, FilmTiming()) == [0, 1, 2, 3, 2, 1]
    assert frame_order(2, FilmTiming()) == [0, 1]
    assert frame_order(1, FilmTiming()) == [0]


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_film_that_is_given_up_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    asked = iter([False, False, True])
    with pytest.raises(StoppedError):
        write_film(tmp_path / f"film{suffix}", SHEET, FilmTiming(), PROVENANCE, stop_requested=lambda: next(asked))
    assert not list(tmp_path.iterdir())


def test_a_film_that_the_encoder_does_not_finish_is_no_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_beginning(path: str, *_arguments: object, **_options: object) -> Generator[None, object, None]:
        Path(path).write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41\0\0\0\x08free")
        while True:
            yield

    monkeypatch.setattr(imageio_ffmpeg, "write_frames", write_beginning)
    with pytest.raises(FailureError, match=r"film.mp4 could not be written .*the disk may be full"):
        write_film(tmp_path / "film.mp4", SHEET, FilmTiming(), PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_progress_never_falls_and_ends_at_the_end(tmp_path: Path) -> None:
    shares: list[float] = []
    write_film(tmp_path / "f.gif", SHEET, FilmTiming(), PROVENANCE, report=lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_other_kinds_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.gif or \.mp4"):
        write_film(tmp_path / "film.avi", SHEET, FilmTiming(), PROVENANCE)
