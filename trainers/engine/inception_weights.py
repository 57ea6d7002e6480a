"""The weights of Inception-v3: where they lie, how they are had, and whether they are what they should be."""

import functools
import io
import os
from pathlib import Path

import torch

from trainers.data.download import download_file
from trainers.data.storage import cache_folder
from trainers.engine.checkpoint import file_digest
from trainers.errors import UsageError
from trainers.metrics.inception import OFFICIAL_DIGEST, InceptionExtractor, inception_network
from trainers.reporting import Report, no_report

VARIABLE = "LATENT_EXPLORER_INCEPTION"
FILE = "weights-inception-2015-12-05-6726825d.pth"
ADDRESSES = (
    f"https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/{FILE}",
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
)
FOLDER = "inception"


def inception_path() -> Path:
    """Where downloaded weights are put; the file need not exist."""
    return cache_folder() / FOLDER / FILE


def require_inception_weights(chosen: Path | None = None) -> Path:
    """The file of the weights: the chosen one, that of LATENT_EXPLORER_INCEPTION, the downloaded one, or torch's own.

    Raises `UsageError` with what to put where, when there is none.
    """
    found = _found(chosen)
    if found is not None:
        return found
    named = chosen or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        raise UsageError(f"There are no weights of Inception-v3 at {named}; name the file {FILE} from {ADDRESSES[0]}")
    raise UsageError(
        f"The weights of Inception-v3 are not on this machine; get them with: latent-trainer data inception, or put "
        f"{FILE} from {ADDRESSES[0]} into {inception_path().parent}, or name the file with --inception-weights or "
        f"{VARIABLE}."
    )


def download_inception(report: Report = no_report) -> bool:
    """Fetch and check the weights unless they are in place; gives whether it did. Raises `FailureError`."""
    target = inception_path()
    if target.is_file() and file_digest(target) == OFFICIAL_DIGEST:
        return False
    download_file(ADDRESSES, OFFICIAL_DIGEST, target, report)
    return True


def load_inception(path: Path, device: torch.device) -> InceptionExtractor:
    """The extractor with the weights of a file; raises `UsageError` for a damaged one or one of other contents.

    Nothing in the file is run: only tensors are read.
    """
    state = path.stat()
    network = _network(path, state.st_size, state.st_mtime_ns).to(device)
    return InceptionExtractor(network, file_digest(path), path)


@functools.lru_cache(maxsize=1)
def _network(path: Path, _size: int, _changed: int) -> torch.nn.Module:
    advice = f"get {FILE} from {ADDRESSES[0]} once more"
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        # Damaged bytes lead the reader to errors of archives and of pickles, among others.
        raise UsageError(f"{path} is damaged or holds no weights; {advice}") from error
    # The library reads files without caution, so it is given what was read with it.
    copy = io.BytesIO()
    torch.save(weights, copy)
    copy.seek(0)
    try:
        return inception_network(copy)
    except (RuntimeError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} holds other weights than those of Inception-v3; {advice}") from error


def _found(chosen: Path | None) -> Path | None:
    if chosen is not None:
        return chosen if chosen.is_file() else None
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named).expanduser() if Path(named).expanduser().is_file() else None
    places = (inception_path(), Path(torch.hub.get_dir()) / "checkpoints" / FILE)
    return next((place for place in places if place.is_file()), None)
