"""Training of the default model against an ordinary loop over a `DataLoader`: same network, batch and optimiser."""

import statistics
import time
from pathlib import Path

import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture
from torch import nn
from torch.utils.data import DataLoader

from trainers.engine.events import Event, Saved, Started
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest, resolve_request
from trainers.models.latent_model import LatentModel
from trainers.models.training_plan import Progress

ROUNDS = 3
BATCH_SIZE = 128


def request(device: str, **settings: object) -> TrainingRequest:
    return TrainingRequest(
        model="vae", model_settings=settings, data="mnist", epochs=2, batch_size=BATCH_SIZE, device=device
    )


def seconds_of_an_epoch(wanted: TrainingRequest, run: Path) -> float:
    """Seconds of the second epoch of a run, the first being for warming up."""
    marks: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, Started) or (isinstance(event, Saved) and event.reason in ("epoch", "final")):
            marks.append(time.perf_counter())

    train(wanted, run, on_event=note)
    return marks[-1] - marks[-2]


def seconds_of_an_ordinary_epoch(model: LatentModel, root: Path, device: torch.device) -> float:
    """Seconds of one pass as tutorials write it: torchvision's dataset, float32, the loss read at each step."""
    from torchvision import datasets, transforms

    from trainers.data.batch import Batch

    steps = transforms.Compose([transforms.ToTensor(), torch.bernoulli])
    loader = DataLoader(datasets.MNIST(root, transform=steps), batch_size=BATCH_SIZE, shuffle=True, drop_last=True)
    objective = model.to(device).phases()[0].objectives[0]
    optimizer = torch.optim.Adam(objective.parameters, lr=objective.optimizer.learning_rate, fused=False)
    generator = torch.Generator(device)
    losses: list[float] = []
    begin = time.perf_counter()
    for step, (images, labels) in enumerate(loader):
        batch = Batch(images.to(device), labels.to(device), generator)
        optimizer.zero_grad()
        terms = objective.loss(batch, Progress(step, 0.0))
        terms.total.backward()
        optimizer.step()
        losses.append(terms.total.item())
    return time.perf_counter() - begin


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("architecture", ["convolutional", "mlp"])
def test_epoch_against_an_ordinary_loop(
    benchmark: BenchmarkFixture,
    mnist_shaped_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    architecture: str,
    device: str,
) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device on this machine")
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(mnist_shaped_data))
    wanted = request(device, architecture=architecture)
    ours: list[float] = []
    ordinary: list[float] = []

    def measure_both() -> None:
        # Turn and turn about, so that whatever else the machine does falls on both.
        ours.append(seconds_of_an_epoch(wanted, tmp_path / f"run-{len(ours)}"))
        model: nn.Module = resolve_request(wanted).model
        assert isinstance(model, LatentModel)
        ordinary.append(seconds_of_an_ordinary_epoch(model.train(), mnist_shaped_data, torch.device(device)))

    benchmark.pedantic(measure_both, rounds=ROUNDS)
    ratio = statistics.median(other / own for other, own in zip(ordinary, ours, strict=True))
    benchmark.extra_info.update(
        {
            "epoch_s": statistics.median(ours),
            "ordinary_epoch_s": statistics.median(ordinary),
            "times_faster": ratio,
            "threads": torch.get_num_threads(),
        }
    )
