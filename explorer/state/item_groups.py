"""Which items are selected, and the groups of them that a person has named."""

import base64
import binascii
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_BYTES = 4_000_000
# A lasso round a million points is packed while the person waits.
_QUICK = 1


@dataclass(frozen=True)
class ItemGroup:
    """Named items. source: what they are items of. members: which of them, as `packed` gives it."""

    name: str
    source: str
    members: str


@dataclass(frozen=True)
class SelectionChoice:
    """The items that are selected, none when `members` is empty, and all named groups."""

    source: str = ""
    members: str = ""
    groups: tuple[ItemGroup, ...] = ()


def packed(members: NDArray[np.bool_]) -> str:
    """A mask (count,) as short text that a session file can hold; empty for a mask without members."""
    if not members.any():
        return ""
    return base64.b85encode(zlib.compress(np.packbits(members).tobytes(), _QUICK)).decode()


def unpacked(text: str, count: int) -> NDArray[np.bool_]:
    """The mask (count,) that a text means; members beyond `count` are left out, and of other text there are none."""
    members = np.zeros(count, dtype=bool)
    try:
        content = zlib.decompressobj().decompress(base64.b85decode(text), _MOST_BYTES) if text else b""
    except (ValueError, binascii.Error, zlib.error):
        return members
    bits = np.unpackbits(np.frombuffer(content, dtype=np.uint8), count=count) if content else members
    members[: len(bits)] = bits[:count]
    return members
