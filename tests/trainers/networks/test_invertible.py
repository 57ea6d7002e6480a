import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from trainers.networks.actnorm import ActNorm
from trainers.networks.coupling import AffineCoupling, coupling_convolutions, coupling_mlp
from trainers.networks.invertible import InvertibleChain, InvertibleLayer, MultiScaleFlow
from trainers.networks.logit import Logit
from trainers.networks.squeeze import Squeeze

EXACT = 1e-8


def moved_from_its_start(module: nn.Module) -> None:
    """Give every parameter a random value; layers that begin at zero would hide mistakes."""
    generator = torch.Generator().manual_seed(0)
    for parameter in module.parameters():
        parameter.data = 0.4 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)


def picture_coupling() -> AffineCoupling:
    return AffineCoupling(coupling_convolutions(3, 5, 2, 3, 2), kept=[0, 2, 3], moved=[1])


def point_coupling() -> AffineCoupling:
    return AffineCoupling(coupling_mlp(1, [6], 4), kept=[1], moved=[0, 2])


def chain(height: int = 4, width: int = 6) -> InvertibleChain:
    network = coupling_convolutions(2, 5, 4, height // 2, width // 2)
    coupling = AffineCoupling(network, kept=[0, 3], moved=[2, 1])
    return InvertibleChain([Logit(0.05), Squeeze(), ActNorm(4), coupling, ActNorm(4)])


LAYERS: dict[str, tuple[Callable[[], InvertibleLayer], tuple[int, ...]]] = {
    "actnorm of pictures": (lambda: ActNorm(3), (3, 2, 4)),
    "actnorm of points": (lambda: ActNorm(5), (5,)),
    "squeeze": (Squeeze, (2, 4, 6)),
    "logit": (lambda: Logit(0.05), (1, 3, 3)),
    "coupling of pictures": (picture_coupling, (4, 3, 2)),
    "coupling of points": (point_coupling, (3,)),
    "chain": (chain, (1, 4, 6)),
}


def values_of(shape: tuple[int, ...]) -> Tensor:
    """Four items in (0, 1), where every layer is defined."""
    return 0.01 + 0.98 * torch.rand(4, *shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def true_log_determinant(function: Callable[[Tensor], Tensor], items: Tensor) -> Tensor:
    found = []
    for item in items:
        jacobian = torch.autograd.functional.jacobian(lambda one: function(one.unsqueeze(0)).flatten(), item)
        found.append(torch.linalg.slogdet(jacobian.reshape(item.numel(), item.numel())).logabsdet)
    return torch.stack(found)


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_inverted_and_know_their_jacobian(name: str) -> None:
    make, shape = LAYERS[name]
    layer, values = make().double(), values_of(shape)
    moved_from_its_start(layer)

    further, log_determinant = layer(values)

    assert torch.allclose(layer.inverse(further), values, atol=EXACT, rtol=0.0)
    assert log_determinant.shape == (4,)
    assert torch.allclose(
        log_determinant, true_log_determinant(lambda items: layer(items)[0], values), atol=EXACT, rtol=0.0
    )


def test_flow_of_several_scales_is_inverted_and_knows_its_jacobian() -> None:
    flow = MultiScaleFlow([chain(4, 4), InvertibleChain([Squeeze(), ActNorm(8)])]).double()
    moved_from_its_start(flow)
    values = values_of((1, 4, 4))

    noise, log_determinant = flow(values)

    assert [part.shape[1:] for part in noise] == [(2, 2, 2), (8, 1, 1)]
    assert torch.allclose(flow.inverse(noise), values, atol=EXACT, rtol=0.0)
    expected = true_log_determinant(lambda items: torch.cat([part.flatten() for part in flow(items)[0]]), values)
    assert torch.allclose(log_determinant, expected, atol=EXACT, rtol=0.0)


def test_line_of_the_lesson_makes_a_standard_normal() -> None:
    # z = 0.5 x - 2.5 turns N(5, 2²) into N(0, 1).
    layer = ActNorm(1).double()
    with torch.no_grad():
        layer.shift.fill_(-5.0)
        layer.log_scale.fill_(math.log(0.5))
    x = torch.linspace(-3.0, 12.0, 50, dtype=torch.float64).unsqueeze(1)

    z, log_determinant = layer(x)

    assert torch.allclose(z, 0.5 * x - 2.5)
    of_noise = torch.distributions.Normal(0.0, 1.0).log_prob(z).squeeze(1)
    of_data = torch.distributions.Normal(5.0, 2.0).log_prob(x).squeeze(1)
    assert torch.allclose(of_noise + log_determinant, of_data)


def test_squeeze_puts_the_pixels_of_a_square_into_quarters_of_the_channels() -> None:
    picture = torch.arange(32.0).view(1, 2, 4, 4)
    squeezed, _ = Squeeze()(picture)
    assert squeezed.shape == (1, 8, 2, 2)
    assert squeezed[0, :, 0, 0].tolist() == [0, 16, 1, 17, 4, 20, 5, 21]


def test_actnorm_begins_with_mean_0_and_deviation_1() -> None:
    values = 3.0 + 7.0 * torch.randn(64, 3, 5, 4, generator=torch.Generator().manual_seed(0))
    layer = ActNorm(3)

    further = layer.initialise(values)

    assert torch.allclose(further.mean(dim=(0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.allclose(further.std(dim=(0, 2, 3), correction=0), torch.ones(3), atol=1e-5)
    assert torch.equal(layer(values)[0], further)


def test_actnorm_of_a_constant_channel_is_finite() -> None:
    values = torch.randn(16, 2, 3, 3)
    values[:, 1] = 4.0
    layer = ActNorm(2)

    further = layer.initialise(values)

    assert bool(further.isfinite().all())
    assert torch.equal(further[:, 1], torch.zeros(16, 3, 3))
    assert bool(layer(values)[1].isfinite().all())
    assert torch.allclose(layer.inverse(further), values, atol=1e-5)


def test_every_actnorm_of_a_chain_begins_with_normal_data() -> None:
    made = chain()
    coupling = made.layers[3]
    assert isinstance(coupling, AffineCoupling)
    moved_from_its_start(coupling.double())
    made.double()
    values = torch.rand(200, 1, 4, 6, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

    further = made.initialise(values)

    assert torch.allclose(further.mean(dim=(0, 2, 3)), torch.zeros(4, dtype=torch.float64), atol=1e-6)
    assert torch.allclose(further.std(dim=(0, 2, 3), correction=0), torch.ones(4, dtype=torch.float64), atol=1e-6)


@pytest.mark.parametrize(("make", "shape"), [(picture_coupling, (4, 3, 2)), (point_coupling, (3,))])
def test_couplings_begin_as_the_identity_and_keep_what_they_say(
    make: Callable[[], AffineCoupling], shape: tuple[int, ...]
) -> None:
    coupling, values = make().double(), values_of(shape)
    assert torch.equal(coupling(values)[0], values)
    assert torch.equal(coupling(values)[1], torch.zeros(4, dtype=torch.float64))

    moved_from_its_start(coupling)
    further, _ = coupling(values)
    assert torch.equal(further[:, coupling.kept], values[:, coupling.kept])
    assert bool((further != values)[:, coupling.moved].all())


def test_no_item_is_stretched_further_than_the_reach() -> None:
    coupling = point_coupling().double()
    moved_from_its_start(coupling)
    far = 1e6 * torch.randn(50, 3, dtype=torch.float64)
    assert float(coupling(far)[1].detach().abs().max()) <= float(coupling.reach.detach().abs().sum()) + 1e-9
