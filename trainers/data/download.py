"""Fetching one file with progress and a checksum."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.request import Request, urlopen

from trainers.errors import FailureError
from trainers.reporting import Report

_PIECE = 1 << 16
_TIMEOUT_S = 30.0


def download_file(addresses: Sequence[str], md5: str, target: Path, report: Report) -> None:
    """Fetch `target` from the first address that gives a file with this checksum; all of it or nothing is written.

    Raises `FailureError` that says which addresses failed and why, and where the file should be put by hand.
    """
    reasons = []
    for address in addresses:
        try:
            with written_whole(target) as file:
                _fetch(address, md5, file, report)
        except (OSError, HTTPException, ValueError) as error:
            reasons.append(f"{address}: {getattr(error, 'reason', None) or error}")
        else:
            return
    raise FailureError(
        f"{target.name} could not be downloaded ({'; '.join(reasons)}); check the network and try again, "
        f"or put the file into {target.parent} by hand."
    )


def unwritable(path: Path, error: OSError) -> FailureError:
    """The failure to raise where something cannot be written below the data folder."""
    return FailureError(
        f"{path} cannot be written ({error.strerror or error}); "
        "set LATENT_EXPLORER_DATA to a folder with space that can be written."
    )


@contextmanager
def written_whole(target: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `target` only when everything went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _fetch(address: str, md5: str, file: IO[bytes], report: Report) -> None:
    digest = hashlib.md5(usedforsecurity=False)
    request = Request(address, headers={"User-Agent": "latent-explorer"})
    with urlopen(request, timeout=_TIMEOUT_S) as response:
        total = int(response.headers.get("Content-Length") or 0)
        done = 0
        while piece := response.read(_PIECE):
            file.write(piece)
            digest.update(piece)
            done += len(piece)
            report(min(done / total, 1.0) if total else 0.0, f"downloading {address.rsplit('/', 1)[-1]}")
    if digest.hexdigest() != md5:
        raise ValueError("the file that came has another checksum")
