"""The denoising autoencoder: what it is shown, what it is judged by, and what its skips are for."""

from typing import Any

import pytest
import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.corruption import Corruption, corrupt
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.models.autoencoder import Autoencoder
from trainers.models.denoising_autoencoder import DenoisingAutoencoder, DenoisingAutoencoderConfig
from trainers.models.latent_model import Restorer
from trainers.models.training_plan import Progress, Terms

SPEC = DataSpec(name="grey", shape=(1, 12, 12))
SMALL: dict[str, Any] = {"channels": [4, 6], "skip_channels": 3, "dense_size": 8, "latent_size": 2}


def _model(**settings: object) -> DenoisingAutoencoder:
    torch.manual_seed(0)
    return DenoisingAutoencoder(DenoisingAutoencoderConfig.from_values(SMALL | settings).resolved(SPEC), SPEC)


def _images(count: int = 16) -> Tensor:
    return torch.rand(count, *SPEC.shape, generator=torch.Generator().manual_seed(1))


def _batch(images: Tensor) -> Batch:
    return Batch(images, torch.arange(len(images)), torch.Generator().manual_seed(7))


def _terms(model: DenoisingAutoencoder, images: Tensor) -> Terms:
    return model.phases()[0].objectives[0].loss(_batch(images), Progress(0, 0.0))


@pytest.mark.parametrize("kind", ["gaussian_noise", "missing_rectangle", "mix"])
def test_it_is_shown_corrupted_pictures_and_judged_by_the_whole_ones(kind: str) -> None:
    model, images = _model(corruption=kind, skips="none"), _images()
    shown = corrupt(images, model.corruption, torch.Generator().manual_seed(7)).images
    error = (model.restore(shown) - images).square()
    assert torch.allclose(_terms(model, images).scalars["squared_error"], error.mean())
    assert not torch.allclose(error, (model.restore(images) - images).square())


def test_the_corruption_is_that_of_the_settings() -> None:
    model = _model(corruption="down_scaling", scale=4)
    assert isinstance(model, Restorer)
    assert model.corruption == Corruption(kind="down_scaling", scale=4)


def test_the_share_of_items_without_skips_is_judged_by_the_code_alone() -> None:
    images = _images(4000)
    model = _model(dropped_skips=0.3).eval()
    generator = torch.Generator().manual_seed(7)
    shown = corrupt(images, model.corruption, generator).images
    with torch.no_grad():
        with_skips = (model.restore(shown) - images).square().flatten(1).mean(dim=1)
        alone = (model.decode(model.encode(shown).mean) - images).square().flatten(1).mean(dim=1)
        found = float(_terms(model, images).scalars["squared_error"])
    expected = float((0.7 * with_skips + 0.3 * alone).mean())
    deviation = float((with_skips - alone).square().mean().sqrt()) * (0.21 / 4000) ** 0.5
    assert abs(found - expected) < 4.5 * deviation
    assert deviation < 0.05 * abs(float((with_skips - alone).mean()))


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        ({"corruption": "gaussian_noise"}, [0, 1, 2]),
        ({"corruption": "mix"}, [0, 1, 2]),
        ({"corruption": "missing_rectangle"}, [1, 2]),
        ({"corruption": "missing_rectangle", "skips": "all"}, [0, 1, 2]),
        ({"skips": "deeper"}, [1, 2]),
    ],
)
def test_levels_of_the_skips(settings: dict[str, object], levels: list[int]) -> None:
    model = _model(**settings)
    assert [int(level) for level in model.decoder.joins] == levels  # type: ignore[union-attr]  # of a skip decoder
    assert model.config.skips in ("all", "deeper")


@pytest.mark.parametrize("settings", [{"skips": "none"}, {"architecture": "mlp", "hidden_sizes": [8]}])
def test_without_skips_its_networks_are_those_of_the_autoencoder(settings: dict[str, object]) -> None:
    model = _model(**settings)
    plain = {name: value for name, value in (SMALL | settings).items() if name not in ("skips", "skip_channels")}
    twin = Autoencoder(Autoencoder.config_type.from_values(plain), SPEC)
    assert model.state_dict().keys() == twin.state_dict().keys()
    assert torch.equal(model.restore(_images()), model.decode(model.encode(_images()).mean))


def test_skips_change_what_is_restored_and_nothing_that_is_decoded() -> None:
    model, images = _model(), _images()
    codes = model.encode(images).mean
    assert not torch.allclose(model.restore(images), model.decode(codes), atol=1e-3)
    assert torch.equal(model.decode(codes), model.decode(codes.clone()))


def test_fully_connected_networks_have_no_skips() -> None:
    with pytest.raises(UsageError, match="skips=none"):
        _model(architecture="mlp", skips="all")


def test_a_short_training_restores_better_than_it_was_shown() -> None:
    torch.manual_seed(0)
    rows = torch.rand(64, 1, 12, 1, generator=torch.Generator().manual_seed(2)).round().expand(-1, -1, -1, 12)
    model = _model(corruption="salt_and_pepper", replaced=0.3)
    objective = model.phases()[0].objectives[0]
    optimizer = torch.optim.Adam(objective.parameters, lr=1e-2)
    generator = torch.Generator().manual_seed(3)
    for step in range(150):
        optimizer.zero_grad()
        batch = Batch(rows, torch.arange(64), generator)
        objective.loss(batch, Progress(step, 0.0)).total.backward()
        optimizer.step()
    shown = corrupt(rows, model.corruption, torch.Generator().manual_seed(9)).images
    with torch.no_grad():
        assert float((model.restore(shown) - rows).square().mean()) < 0.2 * float((shown - rows).square().mean())
