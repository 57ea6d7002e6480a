"""What stands between layers keeps what its name promises."""

import pytest
import torch
from torch import Tensor, nn

from trainers.networks.convolution import convolution_decoder, convolution_encoder
from trainers.networks.layer_style import LayerStyle, Normalisation
from trainers.networks.mlp import mlp_encoder

SHAPE = (3, 8, 9)


def _encoder(normalisation: Normalisation) -> nn.Sequential:
    torch.manual_seed(0)
    return convolution_encoder(SHAPE, (4, 6), 16, 2, LayerStyle(normalisation, slope=0.2))


def _images(count: int) -> Tensor:
    return torch.randn(count, *SHAPE, generator=torch.Generator().manual_seed(0))


def _weights(network: nn.Module) -> list[Tensor]:
    return [module.weight for module in network.modules() if isinstance(module, nn.Linear | nn.Conv2d)]


def test_spectral_normalisation_brings_every_layers_largest_singular_value_to_one() -> None:
    network = _encoder("spectral")
    for _ in range(200):
        network(_images(1))

    sizes = [torch.linalg.matrix_norm(weight.flatten(1), ord=2) for weight in _weights(network)]

    assert len(sizes) == 4
    assert torch.allclose(torch.stack(sizes), torch.ones(4), atol=1e-3)


def test_in_evaluation_mode_no_power_iteration_is_taken() -> None:
    network = _encoder("spectral").eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}

    assert torch.equal(network(_images(3)), network(_images(3)))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_layer_normalisation_looks_at_one_item_at_a_time() -> None:
    network = _encoder("layer")

    assert torch.allclose(network(_images(5))[:2], network(_images(5)[:2]), atol=1e-5)


def test_batch_normalisation_has_no_bias_to_cancel() -> None:
    torch.manual_seed(0)
    network = mlp_encoder(6, (5, 4), 2, LayerStyle("batch"))
    linear = [module for module in network if isinstance(module, nn.Linear)]

    assert [layer.bias is None for layer in linear] == [True, True, False]
    hidden = network[:3](torch.randn(50, 6))
    assert torch.allclose(hidden.mean(dim=0), torch.zeros(5), atol=1e-5)


@pytest.mark.parametrize(("slope", "value"), [(0.0, 0.0), (0.2, -0.4)])
def test_the_slope_is_that_below_zero(slope: float, value: float) -> None:
    activation = LayerStyle(slope=slope).hidden(nn.Identity(), 1)[-1]

    assert float(activation(torch.tensor(-2.0))) == pytest.approx(value)
    assert float(activation(torch.tensor(3.0))) == 3.0


def test_decoders_take_batch_normalisation_and_refuse_spectral() -> None:
    decoder = convolution_decoder(3, 8, (4, 6), SHAPE, LayerStyle("batch"))

    assert sum(isinstance(module, nn.BatchNorm2d) for module in decoder) == 1
    assert decoder(torch.randn(4, 3)).shape == (4, *SHAPE)
    with pytest.raises(ValueError, match="no spectral normalisation"):
        convolution_decoder(3, 8, (4, 6), SHAPE, LayerStyle("spectral"))
