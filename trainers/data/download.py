"""Fetching one file with progress and a checksum."""

import hashlib
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from trainers.atomic_writing import replacement
from trainers.errors import FailureError
from trainers.reporting import Report

_PIECE = 1 << 16
_TIMEOUT_S = 30.0
_MD5_LENGTH = 32


def download_file(addresses: Sequence[str], checksum: str, target: Path, report: Report) -> None:
    """Fetch `target` from the first address that gives a file with this checksum; all of it or nothing is written.

    checksum: MD5 or SHA-256, hexadecimal.

    Raises `FailureError` that says which addresses failed and why, and where the file should be put by hand.
    """
    reasons = []
    for address in addresses:
        try:
            with replacement(target) as temporary, temporary.open("wb") as file:
                for piece in _checked_pieces(address, checksum, report):
                    file.write(piece)
        except _AddressError as error:
            reasons.append(f"{address}: {error}")
        except OSError as error:
            raise unwritable(target, error) from error
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


class _AddressError(Exception):
    """An address that does not give the file."""


def _checked_pieces(address: str, checksum: str, report: Report) -> Iterator[bytes]:
    digest = hashlib.new("md5" if len(checksum) == _MD5_LENGTH else "sha256", usedforsecurity=False)
    for piece in _pieces(address, report):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != checksum:
        raise _AddressError("the file that came has another checksum")


def _pieces(address: str, report: Report) -> Iterator[bytes]:
    request = Request(address, headers={"User-Agent": "latent-explorer"})
    name = address.rsplit("/", 1)[-1]
    try:
        with urlopen(request, timeout=_TIMEOUT_S) as response:
            total, done = int(response.headers.get("Content-Length") or 0), 0
            while piece := response.read(_PIECE):
                yield piece
                done += len(piece)
                report(min(done / total, 1.0) if total else 0.0, f"downloading {name}")
    except (OSError, HTTPException, ValueError) as error:
        raise _AddressError(str(getattr(error, "reason", None) or error)) from error
