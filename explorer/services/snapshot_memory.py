"""Models of snapshots that stay in memory for a while, so that playing through a run reads each of them once."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from explorer.services.encodings import EncodedItems
from explorer.services.opening import LoadedModel


class SnapshotMemory:
    """Loaded models by key, the least recently used forgotten first when their weights hold too many bytes.

    Two threads use it: the one that reads snapshots, and the window's.
    """

    def __init__(self, most_bytes: int = 128_000_000) -> None:
        self.most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[LoadedModel, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> LoadedModel | None:
        """What is kept under a key, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, loaded: LoadedModel, size: int) -> None:
        """Keep a model whose weights hold `size` bytes; one that alone is too large is not kept."""
        with self._lock:
            if key in self._kept:
                self._bytes -= self._kept.pop(key)[1]
            self._kept[key] = loaded, size
            self._bytes += size
            while self._bytes > self.most_bytes:
                _, (_, forgotten) = self._kept.popitem(last=False)
                self._bytes -= forgotten

    def remember_codes(self, key: Hashable, encoded: EncodedItems) -> None:
        """Keep codes beside their model, should it still be there."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return
            self._kept[key] = replace(found[0], encoded=encoded), found[1]
