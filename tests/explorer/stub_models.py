"""Models that nobody trained, with every kind of code and condition, as checkpoints that open in an instant."""

import threading
from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.catalogue import load_dataset
from trainers.data.corruption import Corruption
from trainers.data.data_spec import DataSpec
from trainers.engine.checkpoint import TrainingMark, save_checkpoint
from trainers.errors import StoppedError
from trainers.latent.latent_space import LatentBlock, LatentSpace, Temperature
from trainers.latent.posterior import Posterior
from trainers.models.condition_spec import ConditionSpec
from trainers.models.latent_model import LatentModel, ModelConfig
from trainers.models.training_plan import Phase
from trainers.reporting import Report, StopRequested, never, no_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE_BLOCK = (LatentBlock(name="z", shape=(3,)),)
TWO_LEVELS = (
    LatentBlock(name="bottom", shape=(4,), level=0),
    LatentBlock(name="top", shape=(2,), level=1),
)
MIXED = (
    LatentBlock(name="noise", shape=(3,)),
    LatentBlock(name="kind", shape=(4,), prior="categorical"),
    LatentBlock(name="style", shape=(2,), prior="uniform"),
    LatentBlock(name="place", shape=(2,), prior="ball"),
)
WIDE = (LatentBlock(name="pixel", shape=(1, 28, 28)),)
CLASSES = ConditionSpec(kind="classes", names=tuple("0123456789"), shape=(10,))
ATTRIBUTES = ConditionSpec(kind="attributes", names=("smile", "hat"), shape=(2,), minima=(-1.0, 0.0), maxima=(1.0, 4.0))


class StubConfig(ModelConfig):
    """Blocks and condition of a stub."""

    blocks: tuple[LatentBlock, ...] = Field(default=ONE_BLOCK, description="blocks of the code")
    condition: ConditionSpec = Field(default_factory=ConditionSpec, description="what it is told")


class Stub(LatentModel):
    """Decodes codes and conditions with one random layer; has no encoder."""

    config_type: ClassVar[type[ModelConfig]] = StubConfig
    config: StubConfig

    def __init__(self, config: StubConfig, data_spec: DataSpec) -> None:
        super().__init__(config, data_spec)
        self.latent_space = LatentSpace(blocks=config.blocks)
        self.condition_spec = config.condition
        self.decoder = nn.Linear(self.latent_space.size, data_spec.size)
        self.told = nn.Linear(max(1, len(config.condition.names)), data_spec.size, bias=False)
        self.encoder = nn.Linear(data_spec.size, self.latent_space.size)

    def phases(self) -> tuple[Phase, ...]:
        return ()

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        logits: Tensor = self.decoder(codes)
        if self.condition_spec.kind != "none":
            assert condition is not None
            assert condition.shape == (len(codes), *self.condition_spec.shape)
            if self.condition_spec.decodes:
                logits = logits + 4.0 * self.told(condition)
        return torch.sigmoid(logits).reshape(len(codes), *self.data_spec.shape)


class EncodingStub(Stub):
    """The same with an encoder, which is told the condition, too."""

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        assert (condition is None) == (self.condition_spec.kind == "none")
        codes: Tensor = self.encoder(images.flatten(1) - 0.5)
        return Posterior(codes if condition is None else codes + condition.sum(dim=1, keepdim=True))


class RestoringStub(EncodingStub):
    """Restores pictures by the mean of what it sees and white, which nothing decoded from a code could be."""

    corruption: ClassVar[Corruption] = Corruption(kind="missing_rectangle", missing_side=0.25)

    def restore(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        return 0.5 * images + 0.5


class TableStub(Stub):
    """Keeps a code for every item of its training data, and has no encoder."""

    def training_codes(self) -> Tensor:
        images = load_dataset("digits", "train").images
        with torch.no_grad():
            codes: Tensor = self.encoder(images.flatten(1) / 255.0 - 0.5)
        return codes


class DrawingStub(EncodingStub):
    """Decodes row by row, and remembers how many codes it was given at once."""

    counts: ClassVar[list[int]] = []

    def decode_steps(self, codes: Tensor, condition: Tensor | None = None) -> "Iterator[tuple[float, Tensor]]":
        self.counts.append(len(codes))
        images = super().decode(codes, condition)
        height = images.shape[2]
        for row in range(1, height + 1):
            seen = torch.arange(height)[:, None] < row
            yield row / height, images * seen

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        return list(self.decode_steps(codes, condition))[-1][1]


class SlowStub(Stub):
    """Draws number by number, and waits at each until it is let go on or asked to stop."""

    go_on: ClassVar[threading.Event] = threading.Event()
    stopped: ClassVar[list[bool]] = []

    def sample_prior(
        self,
        count: int,
        temperature: Temperature = 1.0,
        condition: Tensor | None = None,
        generator: torch.Generator | None = None,
        *,
        report: Report = no_report,
        stop_requested: StopRequested = never,
    ) -> Tensor:
        for step in range(1, 101):
            while not self.go_on.wait(0.005):
                report(step / 200, f"number {step} of 100")
                if stop_requested():
                    self.stopped.append(True)
                    raise StoppedError
        return super().sample_prior(count, temperature, condition, generator)


STUBS = {
    "stub": Stub,
    "encoding_stub": EncodingStub,
    "slow_stub": SlowStub,
    "drawing_stub": DrawingStub,
    "table_stub": TableStub,
    "restoring_stub": RestoringStub,
}


def stub_model(
    kind: str = "encoding_stub", blocks: tuple[LatentBlock, ...] = ONE_BLOCK, condition: ConditionSpec | None = None
) -> Stub:
    """A stub that decodes to the shape of the digits; the same one every time."""
    spec = load_dataset("digits", "train").spec
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = STUBS[kind](StubConfig(blocks=blocks, condition=condition or ConditionSpec()), spec)
    return model.eval()


def saved_stub(path: "Path", model: Stub) -> "Path":
    """The checkpoint of a stub, for as long as the fixture `stubs` keeps its class registered."""
    save_checkpoint(path, model, TrainingMark(run="stub", step=1, epoch=1.0, seed=0))
    return path
