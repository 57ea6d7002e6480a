"""The file format of MNIST and its relatives: a big-endian header, then unsigned bytes."""

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from trainers.errors import FailureError


def read_idx(path: Path, dimensions: int) -> Tensor:
    """The array of an idx file of unsigned bytes, plain or ending in .gz; uint8 with `dimensions` dimensions.

    Raises `FailureError` naming the file if it is missing, truncated, too long or of another kind.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise FailureError(f"{path} cannot be read ({error}); get the dataset again to replace it.") from error
    header_size = 4 + 4 * dimensions
    # Two zero bytes, 8 for unsigned bytes, and the number of dimensions.
    if len(content) < header_size or content[:4] != bytes((0, 0, 8, dimensions)):
        raise FailureError(
            f"{path} is not an idx file of bytes in {dimensions} dimensions; get the dataset again to replace it."
        )
    shape = tuple(int(length) for length in np.frombuffer(content, ">u4", dimensions, offset=4))
    if len(content) != header_size + prod(shape):
        raise FailureError(
            f"{path} is damaged: it has {len(content):,} bytes where its header promises "
            f"{header_size + prod(shape):,}; get the dataset again to replace it."
        )
    values = np.frombuffer(content, np.uint8, offset=header_size).reshape(shape)
    # A copy, because the file's bytes may not be written to and torch warns about such memory.
    return torch.from_numpy(values.copy())
