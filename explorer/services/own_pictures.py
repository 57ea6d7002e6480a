"""Pictures of the person's own: made to fit the open model, and given a code by every means that it has."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import IO, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.services.network import OpenModel, Reconstructed
from explorer.services.planes import MapPlane
from explorer.services.tensors import prepare_thread
from explorer.state.condition_facts import Condition
from explorer.state.model_facts import ModelFacts
from explorer.state.own_picture import OwnMarks, OwnPicture
from trainers.data.image_decoding import UnusableImageError
from trainers.data.picture_fitting import fit_picture, packed_picture, unpacked_picture
from trainers.errors import UsageError
from trainers.export.difference_map import difference_map
from trainers.latent.inversion import InversionSettings
from trainers.latent.posterior_outline import posterior_outline
from trainers.reporting import Report, StopRequested

Code = tuple[float, ...]
Pixels = NDArray[np.uint8]
Task = Literal["find", "refine", "look"]
# Those of the command line, so that a file has the same code there.
SEARCH = InversionSettings()
_SIGMAS = (1.0, 2.0)
# What is said of a code that decodes to the picture itself; rounding alone makes hardly more of an error.
EXACT = "code: exact inverse"
_LEAST_ERROR = 1e-6
_SAME_CODE = 1e-3


def _no_pictures() -> NDArray[np.uint8]:
    return np.empty((0, 1, 1, 1), np.uint8)


def _no_codes() -> NDArray[np.float32]:
    return np.empty((0, 0), np.float32)


@dataclass(frozen=True, eq=False)
class FittingJob:
    """Makes a picture fit images of a shape, as a function for a job; `opener` opens it anew.

    Raises `UsageError`, which begins with the name of the picture.
    """

    name: str
    opener: Callable[[], IO[bytes]]
    shape: tuple[int, ...]

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> OwnPicture:
        """The picture, without a code."""
        try:
            fitted = fit_picture(self.opener, self.shape)
        except UnusableImageError as error:
            raise UsageError(f"{self.name} {error}; choose another picture.") from error
        return OwnPicture(self.name, packed_picture(fitted.pixels), self.shape, fitted.note)


@dataclass(frozen=True, eq=False)
class OwnFound:
    """A code of an own picture, and what is known beside it.

    log_variance: of the posterior, (latent_size,), None where there is none. candidates: (starts, latent_size) that a
    search found, with their pictures and errors. trail: (marks, latent_size), the way of the search to the best.
    """

    wish: "OwnCodeJob"
    code: Code
    means: str
    log_variance: NDArray[np.float32] | None = None
    candidates: NDArray[np.float32] = field(default_factory=_no_codes)
    pictures: NDArray[np.uint8] = field(default_factory=_no_pictures)
    errors: tuple[float, ...] = ()
    trail: NDArray[np.float32] = field(default_factory=_no_codes)

    @property
    def best(self) -> NDArray[np.uint8] | None:
        """The best of the candidates' pictures, None without any."""
        return self.pictures[int(np.argmin(self.errors))] if self.errors else None


@dataclass(frozen=True, eq=False)
class OwnCodeJob:
    """Gives an own picture a code, as a function for a job. Raises `TrainersError`.

    task: "find" a code, "refine" the one it has by optimisation, or "look" again where its posterior lies.
    partial: called now and then during a search with the best so far.
    """

    model: OpenModel
    own: OwnPicture
    condition: Condition
    task: Task
    partial: Callable[[OwnFound], None]

    @property
    def searches(self) -> bool:
        """Whether it takes long, being a search."""
        return self.task == "refine" or "encoder" not in self.model.capabilities

    def __call__(self, report: Report, stop_requested: StopRequested) -> OwnFound:
        """The code."""
        prepare_thread()
        pixels = own_pixels(self.own)[None]
        return self._searched(pixels, report, stop_requested) if self.searches else self._encoded(pixels)

    def _encoded(self, pixels: NDArray[np.uint8]) -> OwnFound:
        codes, spread = self.model.encode(pixels, self.condition)
        log_variance = None if spread is None else spread[0]
        if self.task == "look":
            is_it = np.allclose(codes[0], self.own.code, atol=_SAME_CODE)
            return OwnFound(self, self.own.code, self.own.means, log_variance if is_it else None)
        return OwnFound(self, tuple(codes[0].tolist()), self._means(pixels, codes, spread is not None), log_variance)

    def _means(self, pixels: NDArray[np.uint8], codes: NDArray[np.float32], has_posterior: bool) -> str:
        able = self.model.capabilities
        if has_posterior:
            return "code: mean of the posterior"
        if "sequential" in able:
            return "code: the share of the prior at each pixel, which decodes to what was drawn"
        if "quantizer" in able:
            return "code: features of the encoder, which decoding rounds to the codebook"
        error = float(self.model.reconstruction_errors(pixels, self.condition, codes)[0])
        return EXACT if error < _LEAST_ERROR else "code: by the encoder"

    def _searched(self, pixels: NDArray[np.uint8], report: Report, stop_requested: StopRequested) -> OwnFound:
        first = np.array([self.own.code], np.float32) if self.task == "refine" else None
        return self._found(
            self.model.search(
                pixels,
                self.condition,
                SEARCH,
                report,
                stop_requested,
                lambda now: self.partial(self._found(now)),
                first,
            )
        )

    def _found(self, made: Reconstructed) -> OwnFound:
        assert made.candidates is not None
        assert made.trail is not None
        candidates = made.candidates[:, 0]
        pictures = self.model.decode(candidates, self.condition)
        begun = "refined" if self.task == "refine" else "found"
        return OwnFound(
            self,
            tuple(made.codes[0].tolist()),
            f"code: {begun} by optimisation, {len(candidates)} starts",
            None,
            candidates,
            pictures,
            tuple(compared(own_pixels(self.own), picture)[1] for picture in pictures),
            made.trail[:, 0],
        )


def own_pixels(own: OwnPicture) -> NDArray[np.uint8]:
    """The pixels (channels, height, width) of an own picture; raises `UsageError` where a file has damaged them."""
    try:
        return np.array(unpacked_picture(own.pixels, own.shape))
    except UnusableImageError as error:
        raise UsageError(f"Your picture {own.name} {error}; open its file again.") from error


def read_pixels(own: OwnPicture) -> tuple[NDArray[np.uint8] | None, str]:
    """The same, or None and the sentence why not."""
    try:
        return own_pixels(own), ""
    except UsageError as error:
        return None, str(error)


def cut_short(found: OwnFound) -> OwnFound:
    """What was found by a search that was cancelled."""
    return replace(found, means=f"{found.means.partition(',')[0]}, cancelled: the best so far")


def search_refusal(facts: ModelFacts) -> str:
    """Why codes cannot be searched for with a model, as a sentence; empty where they can."""
    if "quantizer" in facts.capabilities:
        return "Decoding rounds codes to the codebook, so there is no way downhill to a better one"
    if "sequential" in facts.capabilities:
        return "The model draws pixel by pixel, so there is no way downhill to a better code"
    return ""


def compared(own: NDArray[np.uint8], edited: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The difference map (height, width, 3) and mean squared error of an edited picture (height, width, channels).

    own: (channels, height, width). Values count from 0 to 1.
    """
    original, changed = own / 255.0, edited.transpose(2, 0, 1) / 255.0
    return difference_map(original, changed), float(np.square(changed - original).mean())


def own_marks(plane: MapPlane, code: Code, found: OwnFound | None) -> OwnMarks:
    """Where an own picture lies on a map."""
    if found is None:
        return OwnMarks(plane.position(code))
    outlines: tuple[NDArray[np.float64], ...] = ()
    if found.log_variance is not None and plane.neighbours is None:
        mean = np.array(code)
        outlines = tuple(posterior_outline(plane.plane, mean, found.log_variance, sigmas) for sigmas in _SIGMAS)
    trail = np.array([plane.position(tuple(mark)) for mark in found.trail.tolist()]) if len(found.trail) else None
    return OwnMarks(plane.position(code), outlines, trail)
