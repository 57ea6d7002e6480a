"""An open model as the window uses it: numbers in, pictures out. The only file of the window that runs networks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.services.pace import Pace
from explorer.state.condition_facts import ConditionFacts
from explorer.state.model_facts import BlockFacts, ModelFacts
from trainers.engine.checkpoint import CheckpointHeader, find_checkpoint, load_model, read_header
from trainers.engine.pictures import pixels
from trainers.errors import UsageError
from trainers.latent.latent_space import Temperature
from trainers.models.capabilities import capabilities
from trainers.models.condition_spec import ConditionSpec
from trainers.models.latent_model import Encoder, LatentModel
from trainers.reporting import Report, StopRequested, never, no_report

Codes = NDArray[np.float32]
Pictures = NDArray[np.uint8]
# One for all, (size,), or one for each, (count, size); flat, whatever shape the model gives its conditions.
Conditions = NDArray[np.floating] | Sequence[float]


class OpenModel:
    """A model in evaluation mode with what its checkpoint says of it; used from one thread at a time."""

    def __init__(self, model: LatentModel, header: CheckpointHeader, path: str, generation: int) -> None:
        self._model = model
        self.header = header
        self.path = path
        self.generation = generation
        self._pace = Pace()

    @property
    def levels(self) -> int:
        """How many levels of a hierarchy the codes have, and with it how many temperatures."""
        return self._model.latent_space.levels

    def facts(self) -> ModelFacts:
        """What the window needs to know of the model."""
        header, model = self.header, self._model
        means, deviations = model.prior_moments()
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
            capabilities=frozenset(capabilities(model)),
            data=header.data.name,
            epoch=header.training.epoch,
            step=header.training.step,
            item_kind=header.data.kind,
            blocks=_blocks(model),
            levels=model.latent_space.levels,
            condition=_condition_facts(model.condition_spec),
        )

    def warm_up(self) -> None:
        """Decode a little, so that the first picture a person asks for is as quick as the next."""
        codes = np.zeros((16, self._model.latent_space.size), dtype=np.float32)
        for count in (1, 16, 1):
            self.decode(codes[:count])

    @torch.inference_mode()
    def decode(self, codes: NDArray[np.floating], condition: Conditions = ()) -> Pictures:
        """Pictures (count, height, width, channels) for codes (count, latent_size).

        condition: of a model that takes none, or whose usual condition will do, empty.
        """
        return pixels(self._model.decode(self._tensor(codes), self._told(condition, len(codes))))

    def decode_in_steps(
        self, codes: NDArray[np.floating], condition: Conditions = ()
    ) -> Iterator[tuple[int, Pictures]]:
        """The same in short steps: where in `codes` each run of pictures starts, and the pictures."""
        told, start = np.asarray(condition, np.float32), 0
        while start < len(codes):
            end = start + self._pace.size
            chunk = codes[start:end]
            with self._pace.timing(len(chunk)):
                pictures = self.decode(chunk, told[start:end] if told.ndim == 2 else told)
            yield start, pictures
            start += len(chunk)

    @torch.inference_mode()
    def encode(self, images: Pictures, condition: Conditions = ()) -> tuple[Codes, Codes | None]:
        """Codes and their log-variances, if any, for 8-bit images (count, channels, height, width)."""
        posterior = self._encoder().encode(self._scaled(images), self._told(condition, len(images)))
        spread = posterior.log_variance
        return _array(posterior.mean), None if spread is None else _array(spread)

    @torch.inference_mode()
    def reconstruct(self, images: Pictures, condition: Conditions = ()) -> tuple[Pictures, NDArray[np.float32], Codes]:
        """Reconstructions (count, height, width, channels) of 8-bit images (count, channels, height, width).

        Beside them the mean squared error per pixel of each, for images in [0, 1], and the codes they went through.
        """
        scaled, told = self._scaled(images), self._told(condition, len(images))
        codes = self._encoder().encode(scaled, told).mean
        decoded = self._model.decode(codes, told)
        errors = (decoded - scaled).square().flatten(1).mean(dim=1)
        return pixels(decoded), _array(errors), _array(codes)

    @torch.inference_mode()
    def sample_codes(
        self,
        count: int,
        temperature: Temperature,
        seed: int,
        condition: Conditions = (),
        report: Report = no_report,
        stop_requested: StopRequested = never,
    ) -> Codes:
        """Codes (count, latent_size) from the prior; the same seed gives the same ones.

        A model that draws number by number reports how far it is, and raises `StoppedError` when asked to stop.
        """
        generator = torch.Generator().manual_seed(seed)
        told = self._told(condition, count)
        return _array(
            self._model.sample_prior(count, temperature, told, generator, report=report, stop_requested=stop_requested)
        )

    def usual_conditions(self, count: int) -> NDArray[np.float32]:
        """Conditions (count, size) where nobody chose any: every class in turn, every attribute in its middle.

        Of a model that takes none, (count, 0).
        """
        usual = self._model.condition_spec.usual(count)
        return np.empty((count, 0), np.float32) if usual is None else _array(usual.flatten(1))

    def conditions_of(
        self, labels: NDArray[np.int64] | None, attributes: NDArray[np.float32] | None, count: int
    ) -> NDArray[np.float32]:
        """Conditions (count, size) of `count` items of the data; of a model that takes none, (count, 0).

        Raises `UsageError` where the items do not have what the model is to be told.
        """
        given = (None if part is None else torch.from_numpy(part) for part in (labels, attributes))
        told = self._model.condition_spec.of_items(*given)
        return np.empty((count, 0), np.float32) if told is None else _array(told.flatten(1))

    def _encoder(self) -> Encoder:
        if not isinstance(self._model, Encoder):
            raise UsageError(f"The model {self.header.model} has no encoder, so images have no place on its map.")
        return self._model

    def _told(self, condition: Conditions, count: int) -> Tensor | None:
        spec = self._model.condition_spec
        if spec.kind == "none":
            return None
        given = np.asarray(condition, np.float32)
        if given.size == 0:
            given = self.usual_conditions(1)[0]
        told = self._tensor(np.broadcast_to(given, (count, given.shape[-1])))
        return told.reshape(count, *spec.shape)

    def _tensor(self, codes: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.array(codes, dtype=np.float32, order="C")).to(self._model.device)

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


def _blocks(model: LatentModel) -> tuple[BlockFacts, ...]:
    space = model.latent_space
    return tuple(
        BlockFacts(block.name, place.start, block.size, block.prior, block.level, block.shape)
        for block, place in zip(space.blocks, space.slices().values(), strict=True)
    )


def _condition_facts(spec: ConditionSpec) -> ConditionFacts:
    usual = spec.usual(1)
    told = () if usual is None else tuple(usual.flatten().tolist())
    return ConditionFacts(spec.kind, spec.names, spec.minima, spec.maxima, spec.decodes, told)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.float().cpu().numpy()
