"""An open model as the window uses it: numbers in, pictures out. The only file of the window that runs networks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.services.pace import Pace
from explorer.state.model_facts import ModelFacts
from trainers.engine.checkpoint import CheckpointHeader, find_checkpoint, load_model, read_header
from trainers.engine.pictures import pixels
from trainers.errors import UsageError
from trainers.models.latent_model import Encoder, LatentModel, Likelihood, VariationalBound

Codes = NDArray[np.float32]
Pictures = NDArray[np.uint8]


class OpenModel:
    """A model in evaluation mode with what its checkpoint says of it; used from one thread at a time."""

    def __init__(self, model: LatentModel, header: CheckpointHeader, path: str, generation: int) -> None:
        self._model = model
        self.header = header
        self.path = path
        self.generation = generation
        self._pace = Pace()

    def facts(self) -> ModelFacts:
        """What the window needs to know of the model."""
        header, model = self.header, self._model
        means, deviations = model.prior_moments()
        protocols = (("encoder", Encoder), ("likelihood", Likelihood), ("bound", VariationalBound))
        return ModelFacts(
            title=f"{header.model} / {data_title(header.data.name)}",
            path=self.path,
            generation=self.generation,
            latent_size=model.latent_space.size,
            dimension_names=model.latent_space.dimension_names(),
            means=tuple(means.tolist()),
            deviations=tuple(deviations.tolist()),
            image_shape=header.data.shape,
            class_names=header.data.class_names,
            capabilities=frozenset(name for name, protocol in protocols if isinstance(model, protocol)),
            data=header.data.name,
            epoch=header.training.epoch,
            step=header.training.step,
        )

    def warm_up(self) -> None:
        """Decode a little, so that the first picture a person asks for is as quick as the next."""
        codes = np.zeros((16, self._model.latent_space.size), dtype=np.float32)
        for count in (1, 16, 1):
            self.decode(codes[:count])

    @torch.inference_mode()
    def decode(self, codes: NDArray[np.floating]) -> Pictures:
        """Pictures (count, height, width, channels) for codes (count, latent_size)."""
        return pixels(self._model.decode(self._tensor(codes)))

    def decode_in_steps(self, codes: NDArray[np.floating]) -> Iterator[tuple[int, Pictures]]:
        """The same in short steps: where in `codes` each run of pictures starts, and the pictures."""
        start = 0
        while start < len(codes):
            chunk = codes[start : start + self._pace.size]
            with self._pace.timing(len(chunk)):
                pictures = self.decode(chunk)
            yield start, pictures
            start += len(chunk)

    @torch.inference_mode()
    def encode(self, images: Pictures) -> tuple[Codes, Codes | None]:
        """Codes and their log-variances, if any, for 8-bit images (count, channels, height, width)."""
        posterior = self._encoder().encode(self._scaled(images))
        spread = posterior.log_variance
        return _array(posterior.mean), None if spread is None else _array(spread)

    @torch.inference_mode()
    def reconstruct(self, images: Pictures) -> tuple[Pictures, NDArray[np.float32], Codes]:
        """Reconstructions (count, height, width, channels) of 8-bit images (count, channels, height, width).

        Beside them the mean squared error per pixel of each, for images in [0, 1], and the codes they went through.
        """
        scaled = self._scaled(images)
        codes = self._encoder().encode(scaled).mean
        decoded = self._model.decode(codes)
        errors = (decoded - scaled).square().flatten(1).mean(dim=1)
        return pixels(decoded), _array(errors), _array(codes)

    def sample_codes(self, count: int, temperature: float, seed: int) -> Codes:
        """Codes (count, latent_size) from the prior; the same seed gives the same ones."""
        with torch.inference_mode():
            generator = torch.Generator().manual_seed(seed)
            return _array(self._model.sample_prior(count, temperature, generator=generator))

    def _encoder(self) -> Encoder:
        if not isinstance(self._model, Encoder):
            raise UsageError(f"The model {self.header.model} has no encoder, so images have no place on its map.")
        return self._model

    def _tensor(self, codes: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(codes, dtype=np.float32)).to(self._model.device)

    def _scaled(self, images: Pictures) -> Tensor:
        return torch.from_numpy(images).to(self._model.device).float().div_(255.0)


def open_model(path: str, generation: int) -> OpenModel:
    """Load the newest checkpoint that a path names; raises `UsageError` with a sentence for the person."""
    file = find_checkpoint(Path(path))
    return OpenModel(load_model(file), read_header(file), str(file), generation)


def data_title(name: str) -> str:
    """A dataset's name as shown: the last part of a path."""
    return Path(name).name or name


def prepare_thread() -> None:
    """Set how networks share the processor with the window; called in the thread that runs them."""
    # One picture gains nothing from a second thread, and while a run trains on all cores it would wait for both.
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.float().cpu().numpy()
