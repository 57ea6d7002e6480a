"""The first linear map of decoders: what it does not see, no picture shows."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainers.models.model_cases import Case
from trainers.models.capabilities import capabilities
from trainers.models.catalogue import MODELS
from trainers.models.latent_model import LatentModel, LinearStart

NARROW = {"architecture": "mlp", "hidden_sizes": [3], "latent_size": 6}
MODELS_WITH_A_LINEAR_START = {
    "vae": NARROW,
    "conditional_vae": {**NARROW, "condition": "classes"},
    "autoencoder": NARROW,
    "glo": NARROW,
    "gan": {**NARROW, "batch_normalisation": True},
    "ladder_vae": {"latent_sizes": [6, 5], "hidden_sizes": [3, 2], "hidden_layers": 1},
}


def build(name: str, settings: dict[str, object]) -> LatentModel:
    model = Case(name, "narrow", settings, (1, 8, 8)).build()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape))
        for buffer_name, buffer in model.named_buffers():
            if buffer_name.endswith("running_var"):
                buffer.copy_(torch.rand(buffer.shape) + 0.5)
    return model.eval()


def decode(model: LatentModel, codes: Tensor) -> Tensor:
    usual = model.condition_spec.usual(1)
    return model.decode(codes, None if usual is None else usual.expand(len(codes), -1)).detach()


@pytest.mark.parametrize("name", MODELS_WITH_A_LINEAR_START)
def test_what_the_first_map_does_not_see_changes_no_picture(name: str) -> None:
    model = build(name, MODELS_WITH_A_LINEAR_START[name])
    assert isinstance(model, LinearStart)
    assert "linear_start" in capabilities(model)
    maps, places = model.first_maps(), model.latent_space.slices()
    assert set(maps) == set(places)
    for block, place in places.items():
        weights = maps[block].detach().double().numpy()
        _, _, rows = np.linalg.svd(weights)
        seen, unseen = np.zeros((2, model.latent_space.size))
        seen[place], unseen[place] = rows[0], rows[-1]
        origin = torch.zeros(1, model.latent_space.size)
        pictures = decode(model, torch.cat([origin, torch.tensor(np.stack([5.0 * unseen, 5.0 * seen])).float()]))
        assert float((pictures[1] - pictures[0]).abs().max()) < 1e-5
        assert float((pictures[2] - pictures[0]).abs().max()) > 1e-3


def test_the_map_of_glo_has_the_factor_before_its_first_layer() -> None:
    model = build("glo", NARROW)
    assert isinstance(model, LinearStart)
    (first,) = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)][:1]
    assert torch.allclose(model.first_maps()["z"], math.sqrt(6) * first.weight)


def test_a_level_without_hidden_layers_is_read_where_it_goes_first() -> None:
    model = build("ladder_vae", {"latent_sizes": [4, 3], "hidden_sizes": [3, 2], "hidden_layers": 0})
    assert isinstance(model, LinearStart)
    assert {name: tuple(weights.shape) for name, weights in model.first_maps().items()} == {"z1": (64, 4), "z2": (8, 3)}


@pytest.mark.parametrize("name", ["vq_vae", "real_nvp", "pixelcnn"])
def test_decoders_that_round_couple_or_draw_first_have_none(name: str) -> None:
    assert not hasattr(MODELS[name], "first_maps")
