"""A program that places codes on a map by t-SNE or UMAP, for the process that starts it.

It runs as a file and imports nothing of this project, whose torch would cost every map a second and a half. Arguments:
"t-SNE" or "UMAP", the seed, and how many codes of how many numbers. stdin: the codes as 32-bit floats, and then nothing
until it closes, at which the program ends: so it never outlives who started it. stdout: lines of JSON among what the
libraries say, with `share`, `what` and, once it is known, `seconds_left`; last `positions`, 32-bit floats in base64.
"""

import base64
import io
import json
import os
import re
import signal
import sys
import threading
import time
import warnings
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

_PERPLEXITY = 30.0
# Later steps draw groups further apart, but keep no more neighbours.
_STEPS = 500
_STEPS_BETWEEN_REPORTS = 10
_UMAP_NEIGHBOURS = 15
_ROWS_AT_ONCE = 1_000
_FINDING = "finding neighbours"
_SECONDS_BETWEEN_REPORTS = 0.25
# Before these shares of the work the neighbours of all codes are found, and UMAP compiles itself.
_TSNE_FOUND, _UMAP_FOUND, _UMAP_PREPARED = 0.1, 0.1, 0.4
_STEP_OF_TSNE = re.compile(r"Iteration (\d+):")
_STEP_OF_UMAP = re.compile(r"(\d+)/(\d+) \[")

Array = NDArray[np.float32]


class StepsTold(io.TextIOBase):
    """A text stream that finds the steps in what a library writes, and tells how far it is.

    pattern: whose first group is the step, and whose second, where it has one, how many there are. before: the share
    of the work that was done before the first step.
    """

    def __init__(self, out: TextIO, what: str, pattern: re.Pattern[str], before: float, steps: int) -> None:
        super().__init__()
        self._out, self._what, self._pattern = out, what, pattern
        self._before, self._steps = before, steps
        self._first: tuple[float, int] | None = None

    def write(self, text: str) -> int:
        """Tell of the last step in a text."""
        for found in [*self._pattern.finditer(text)][-1:]:
            step, steps = int(found[1]), int(found[2]) if found.re.groups > 1 else self._steps
            self._first = self._first or (time.monotonic(), step)
            since, first = self._first
            pace = (time.monotonic() - since) / (step - first) if step > first else None
            share = self._before + (1.0 - self._before) * step / steps
            tell(self._out, share=share, what=self._what, seconds_left=pace and pace * (steps - step))
        return len(text)


def main() -> None:
    """Place codes once."""
    method, seed, count, size = sys.argv[1], *(int(text) for text in sys.argv[2:5])
    # Whoever started it decides what an interruption at the terminal means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    codes = np.frombuffer(sys.stdin.buffer.read(4 * count * size), np.float32).reshape(count, size)
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    warnings.simplefilter("ignore")
    out = sys.stdout
    place = _by_umap if method == "UMAP" else _by_tsne
    positions = place(codes, seed, out)
    tell(out, positions=base64.b64encode(positions.tobytes()).decode())


def tell(out: TextIO, **content: Any) -> None:
    """Write a line of JSON at once."""
    print(json.dumps(content), file=out, flush=True)


def _by_tsne(codes: Array, seed: int, out: TextIO) -> Array:
    distances, indices = _neighbours(codes, min(len(codes), int(3 * _PERPLEXITY) + 2), out, _TSNE_FOUND)
    from scipy.sparse import csr_array
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    class OftenTold(TSNE):  # type: ignore[misc]
        _N_ITER_CHECK = _STEPS_BETWEEN_REPORTS

    rows = np.arange(0, indices.size + 1, indices.shape[1])
    graph = csr_array((distances.ravel(), indices.ravel(), rows), shape=(len(codes), len(codes)))
    first = PCA(n_components=2, random_state=seed).fit_transform(codes)
    placing = OftenTold(
        perplexity=min(_PERPLEXITY, (len(codes) - 1) / 3),
        metric="precomputed",
        init=np.ascontiguousarray(first / first[:, 0].std() * 1e-4, np.float32),
        max_iter=_STEPS,
        random_state=seed,
        verbose=2,
    )
    sys.stdout = StepsTold(out, "placing", _STEP_OF_TSNE, _TSNE_FOUND, _STEPS)
    return np.ascontiguousarray(placing.fit_transform(graph), np.float32)


def _by_umap(codes: Array, seed: int, out: TextIO) -> Array:
    # The library's own search would first compile itself for half a minute.
    distances, indices = _neighbours(codes, min(_UMAP_NEIGHBOURS, len(codes)), out, _UMAP_FOUND)
    tell(out, share=_UMAP_FOUND, what="compiling, some 10 s")
    sys.stdout = io.StringIO()
    from umap import UMAP

    steps = StepsTold(out, "placing", _STEP_OF_UMAP, _UMAP_PREPARED, 1)
    placing = UMAP(
        n_neighbors=indices.shape[1],
        init="pca",
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(indices, distances),
        verbose=True,
        tqdm_kwds={"file": steps, "mininterval": _SECONDS_BETWEEN_REPORTS},
    )
    return np.ascontiguousarray(placing.fit_transform(codes), np.float32)


def _neighbours(codes: Array, count: int, out: TextIO, share: float) -> tuple[Array, NDArray[np.int64]]:
    """Distances and indices (codes, count) of the nearest, among them each code itself; `share` of the work in all."""
    tell(out, share=0.0, what=_FINDING)
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=count).fit(codes)
    distances, indices = np.empty((len(codes), count), np.float32), np.empty((len(codes), count), np.int64)
    for start in range(0, len(codes), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        distances[part], indices[part] = search.kneighbors(codes[part])
        tell(out, share=share * min(part.stop / len(codes), 1.0), what=_FINDING)
    return distances, indices


def _end_with_the_asker() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
