"""The codebook of a model that rounds its codes: its entries, where a code uses them, and codes with others."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.network import OpenModel
from explorer.state.codebook_values import CellEdit, CodebookFacts
from trainers.latent.principal_directions import principal_directions

_MOST_COUNTED = 1_000
_AT_ONCE = 100

Code = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class CodeGrid:
    """Entries (rows, columns) of one block at a code."""

    block: str
    indices: NDArray[np.int64]


def read_codebook(model: OpenModel, block: str, encoded: EncodedItems | None) -> Iterator[CodebookFacts | None]:
    """The entries on their principal plane, and how often encoded items use them, in short steps."""
    vectors = model.codebook(block)
    directions = principal_directions(vectors, 2) if vectors.shape[1] > 1 else np.eye(2, 1)
    positions = ((vectors - vectors.mean(axis=0)) @ directions.T).astype(np.float32)
    if encoded is None or not encoded.complete:
        yield CodebookFacts(block, positions)
        return
    usage = np.zeros(len(vectors), dtype=np.int64)
    codes = encoded.codes[np.flatnonzero(encoded.coded)[:_MOST_COUNTED]]
    for start in range(0, len(codes), _AT_ONCE):
        indices = model.code_indices(codes[start : start + _AT_ONCE], block)
        usage += np.bincount(indices.ravel(), minlength=len(vectors))
        yield None
    yield CodebookFacts(block, positions, usage, f"{len(codes):,} items")


def read_grid(model: OpenModel, code: Code, block: str) -> Iterator[CodeGrid]:
    """The entries of a block at a code."""
    yield CodeGrid(block, model.code_indices(np.array([code], np.float32), block)[0])


def edited_code(model: OpenModel, code: Code, edit: CellEdit) -> Iterator[Code]:
    """The code with one cell of a block holding another entry; a block is rounded to entries as a whole."""
    codes = np.array([code], np.float32)
    indices = model.code_indices(codes, edit.block)
    indices[0, edit.row, edit.column] = edit.entry
    yield tuple(model.with_indices(codes, edit.block, indices)[0].tolist())
