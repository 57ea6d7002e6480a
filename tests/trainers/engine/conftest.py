from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from trainers.data.catalogue import load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine.commands import Command, CommandQueue
from trainers.engine.events import Event, Finished
from trainers.engine.inception_weights import FILE
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import LatentModel

# A network so small that an epoch of the embedded digits takes a blink.
SMALL = {"architecture": "mlp", "hidden_sizes": [16]}

MakeModel = Callable[..., LatentModel]
CommandsAfter = Callable[[Mapping[int, Command]], CommandQueue]
FinalWeights = Callable[[Path], dict[str, torch.Tensor]]
TrainSmall = Callable[..., tuple[Finished, list[Event]]]


class CommandsAt(CommandQueue):
    """Gives a command when the loop has done a number of steps; it asks once before every step."""

    def __init__(self, commands: Mapping[int, Command]) -> None:
        super().__init__()
        self._commands_at = dict(commands)
        self._steps_done = -1

    def take(self) -> Command | None:
        """The command of this step, once; then those that were put."""
        self._steps_done += 1
        command = self._commands_at.pop(self._steps_done, None)
        if command is not None:
            # The loop asks again until it is given none.
            self._steps_done -= 1
            return command
        return super().take()


@pytest.fixture
def commands_after() -> CommandsAfter:
    """A queue that gives commands after numbers of steps."""
    return CommandsAt


@pytest.fixture
def final_weights() -> FinalWeights:
    """The weights of a run's newest checkpoint."""
    return lambda run: load_file(RunFolder(run).latest())


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def digits() -> ImageDataset:
    return load_dataset("digits", "train")


@pytest.fixture
def make_model(digits: ImageDataset) -> MakeModel:
    """Builds a registered model for the digits, small unless told otherwise."""

    def make(name: str = "vae", seed: int = 0, **settings: object) -> LatentModel:
        model_type: type[LatentModel] = MODELS[name]
        config = model_type.config_type.from_values({**SMALL, "latent_size": 3, **settings})
        torch.manual_seed(seed)
        return model_type(config.resolved(digits.spec), digits.spec)

    return make


@pytest.fixture
def train_small() -> TrainSmall:
    """Trains a small model on the digits in a folder; gives the last event and all of them."""

    def run(
        folder: Path,
        *,
        on_event: Callable[[Event], None] | None = None,
        commands: CommandQueue | None = None,
        model_settings: Mapping[str, object] = SMALL,
        **values: object,
    ) -> tuple[Finished, list[Event]]:
        events: list[Event] = []

        def gather(event: Event) -> None:
            events.append(event)
            if on_event is not None:
                on_event(event)

        request = TrainingRequest.from_values(
            {"model": "vae", "data": "digits", "epochs": 2, "device": "cpu", "model_settings": model_settings, **values}
        )
        return train(request, folder, on_event=gather, commands=commands), events

    return run


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of weights of Inception-v3 that were never trained."""
    from torch_fidelity import feature_extractor_inceptionv3 as library

    with pytest.MonkeyPatch.context() as patch, torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        patch.setattr(library, "load_state_dict_from_url", lambda _url, **_how: {})
        patch.setattr(library.FeatureExtractorInceptionV3, "load_state_dict", lambda _self, _state: None)
        network = library.FeatureExtractorInceptionV3("untrained", ["2048"])
    path = tmp_path_factory.mktemp("weights") / FILE
    torch.save(network.state_dict(), path)
    return path
