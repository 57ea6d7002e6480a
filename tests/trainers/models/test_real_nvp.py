"""The flow: exact codes, and a likelihood with every Jacobian in it."""

import math
from typing import Any

import normflows
import pytest
import torch
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.batching import BatchStream
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.losses.gaussian import standard_normal_log_density
from trainers.models.real_nvp import RealNvp, RealNvpConfig
from trainers.models.training_plan import Progress
from trainers.networks.actnorm import ActNorm
from trainers.networks.coupling import AffineCoupling
from trainers.networks.invertible import InvertibleChain, InvertibleLayer, MultiScaleFlow

GREY = DataSpec(name="grey", shape=(1, 4, 4))
COLOUR = DataSpec(name="colour", shape=(3, 4, 4))
POINTS = DataSpec(name="points", kind="points", shape=(2,))
SMALL: dict[str, Any] = {"couplings": 4, "hidden_channels": 5, "hidden_sizes": [6]}


class NormalQuantiles(InvertibleLayer):
    """Takes uniform numbers to normal ones, so that a model with it says that all pictures are equally likely."""

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        noise = torch.special.ndtri(values)
        return noise, -standard_normal_log_density(noise).flatten(1).sum(dim=1)

    def inverse(self, values: Tensor) -> Tensor:
        shares: Tensor = torch.special.ndtr(values)
        return shares


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def flow(spec: DataSpec, *, at_start: bool = False, **settings: object) -> RealNvp:
    torch.manual_seed(0)
    model = RealNvp(RealNvpConfig.from_values(SMALL | settings), spec)
    for parameter in () if at_start else model.parameters():
        # Layers that begin at zero would hide mistakes.
        parameter.data = parameter.data + 0.2 * torch.randn(parameter.shape)
    return model


def trained(name: str, steps: int, **settings: object) -> RealNvp:
    dataset = load_dataset(name, "train")
    model = flow(dataset.spec, at_start=True, **settings)
    model.prepare(dataset, seeded())
    loss = model.phases()[0].objectives[0].loss
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    stream = BatchStream(dataset, 128, 0, torch.device("cpu"), "none")
    for step in range(steps):
        batch = next(stream.epoch(step, seeded(step)))
        optimizer.zero_grad()
        loss(batch, Progress(step, 1.0)).total.backward()
        optimizer.step()
    return model.eval()


def pictures(spec: DataSpec, count: int = 5) -> Tensor:
    return torch.randint(256, (count, *spec.shape), generator=seeded(1)) / 255.0


def items_of(spec: DataSpec) -> Tensor:
    return pictures(spec).double() if spec.kind == "images" else torch.randn(5, 2, generator=seeded(1)).double()


@pytest.mark.parametrize("spec", [GREY, COLOUR, POINTS], ids=lambda spec: spec.name)
def test_likelihood_is_that_of_the_noise_and_the_true_jacobian(spec: DataSpec) -> None:
    model, items = flow(spec).double(), items_of(spec)

    found = model.log_likelihood(items, seeded(7))

    # What the model is to be told apart from: the same steps written down once more.
    filled = items
    if spec.kind == "images":
        filled = (255.0 * items + torch.rand(items.shape, generator=seeded(7))) / 256.0

    def noise_of(item: Tensor) -> Tensor:
        return torch.cat([part.flatten() for part in model.flow(item.unsqueeze(0))[0]])

    expected = []
    for item in filled:
        jacobian = torch.autograd.functional.jacobian(noise_of, item).reshape(spec.size, spec.size)
        of_noise = torch.distributions.Normal(0.0, 1.0).log_prob(noise_of(item)).sum()
        expected.append(of_noise + torch.linalg.slogdet(jacobian).logabsdet)
    width = spec.size * math.log(256.0) if spec.kind == "images" else 0.0
    assert torch.allclose(found, torch.stack(expected) - width, atol=1e-8, rtol=0.0)


@pytest.mark.parametrize("spec", [GREY, COLOUR, POINTS], ids=lambda spec: spec.name)
def test_codes_lead_back_to_their_items(spec: DataSpec) -> None:
    model, items = flow(spec).double(), items_of(spec)
    codes = torch.randn(5, spec.size, generator=seeded(2)).double()

    assert torch.allclose(model.decode(model.encode(items).mean), items, atol=1e-8, rtol=0.0)
    if spec.kind == "points":
        assert torch.allclose(model.encode(model.decode(codes)).mean, codes, atol=1e-8, rtol=0.0)


@pytest.mark.parametrize("spec", [GREY, COLOUR, POINTS], ids=lambda spec: spec.name)
def test_two_couplings_move_every_number_of_an_item(spec: DataSpec) -> None:
    model, items = flow(spec, couplings=2).double(), items_of(spec)

    jacobian = torch.autograd.functional.jacobian(lambda item: model.encode(item.unsqueeze(0)).mean[0], items[0])

    # A number that no coupling moves depends on itself alone.
    assert int((jacobian.reshape(spec.size, spec.size) != 0.0).sum(dim=1).min()) > 1


def test_a_flow_that_says_nothing_needs_8_bits_per_number() -> None:
    model = flow(GREY)
    model.flow = MultiScaleFlow([NormalQuantiles()])

    nats = model.log_likelihood(pictures(GREY).double(), seeded())

    assert torch.allclose(-nats / (GREY.size * math.log(2.0)), torch.full((5,), 8.0).double(), atol=1e-6)


def test_reported_bits_are_those_of_the_likelihood() -> None:
    model = flow(GREY)
    batch = Batch(pictures(GREY), torch.arange(5), seeded(3))
    terms = model.phases()[0].objectives[0].loss(batch, Progress(0, 0.0))
    nats = -float(model.log_likelihood(batch.images, seeded(3)).detach().mean())
    assert float(terms.scalars["negative_log_likelihood"]) == pytest.approx(nats)
    assert float(terms.scalars["bits_per_dimension"]) == pytest.approx(nats / (16 * math.log(2.0)))


def test_encoding_is_in_the_middle_of_grey_values_and_the_same_every_time() -> None:
    model, items = flow(GREY), pictures(GREY)
    posterior = model.encode(items)
    noise, _ = model.flow((255.0 * items + 0.5) / 256.0)
    assert posterior.log_variance is None
    assert torch.equal(posterior.mean, model.encode(items).mean)
    assert torch.equal(posterior.mean, torch.cat([noise[1].flatten(1), noise[0].flatten(1)], dim=1))


def test_levels_are_blocks_with_the_finest_at_level_0() -> None:
    space = flow(DataSpec(name="digits", shape=(1, 28, 28))).latent_space
    assert [(block.name, block.shape, block.level) for block in space.blocks] == [
        ("z2", (8, 7, 7), 1),
        ("z1", (2, 14, 14), 0),
    ]
    assert space.size == 784
    assert flow(POINTS).latent_space.dimension_names() == ("z1", "z2")


def test_start_normalises_the_data() -> None:
    dataset = load_dataset("digits", "train")
    model = flow(dataset.spec, at_start=True)
    model.prepare(dataset, seeded())
    noise, _ = model.flow((255.0 * dataset.scaled() + 0.5) / 256.0)
    for part in noise:
        assert torch.allclose(part.detach().mean(dim=(0, 2, 3)), torch.zeros(part.shape[1]), atol=0.15)
        assert torch.allclose(part.detach().std(dim=(0, 2, 3)), torch.ones(part.shape[1]), atol=0.15)


def test_real_pictures_come_back_to_the_bit_after_training() -> None:
    model, dataset = trained("digits", 60), load_dataset("digits", "test")
    with torch.no_grad():
        again = model.decode(model.encode(dataset.scaled()).mean)
        bits = -model.log_likelihood(dataset.scaled(), seeded()).mean() / (64 * math.log(2.0))
    assert torch.equal((255.0 * again).round().byte(), dataset.images)
    assert 2.0 < float(bits) < 5.5


def test_density_of_points_integrates_to_1_and_beats_a_gaussian() -> None:
    model, test = trained("moons", 150, couplings=6, hidden_sizes=[32]), load_dataset("moons", "test").images
    side, reach = 400, 8.0
    axis = (torch.arange(side) + 0.5) / side * 2.0 * reach - reach
    with torch.no_grad():
        density = model.log_likelihood(torch.cartesian_prod(axis, axis), seeded()).exp()
        found = float(model.log_likelihood(test, seeded()).mean())
    assert float(density.sum()) * (2.0 * reach / side) ** 2 == pytest.approx(1.0, abs=0.01)
    gaussian = torch.distributions.MultivariateNormal(test.mean(dim=0), torch.cov(test.T))
    assert found > float(gaussian.log_prob(test).mean()) + 0.3


def test_density_is_that_of_another_library_with_the_same_weights() -> None:
    model, points = flow(POINTS).double(), items_of(POINTS)
    (chain,) = model.flow.levels
    assert isinstance(chain, InvertibleChain)
    # There a flow leads from noise to data.
    layers = [normflows.flows.Reverse(_in_normflows(layer)) for layer in reversed(chain.layers)]
    oracle = normflows.NormalizingFlow(normflows.distributions.DiagGaussian(2, trainable=False), layers).double()

    assert torch.allclose(model.log_likelihood(points, seeded()), oracle.log_prob(points), atol=1e-6, rtol=0.0)


def _in_normflows(layer: nn.Module) -> nn.Module:
    if isinstance(layer, ActNorm):
        scaling = normflows.flows.AffineConstFlow((2,))
        scaling.s.data = layer.log_scale.data[None]
        scaling.t.data = (layer.shift * layer.log_scale.exp()).data[None]
        return scaling  # type: ignore[no-any-return]
    assert isinstance(layer, AffineCoupling)
    mask = torch.zeros(2)
    mask[layer.kept] = 1.0
    return normflows.flows.MaskedAffineFlow(mask, t=_Part(layer, 1), s=_Part(layer, 0))  # type: ignore[no-any-return]


class _Part(nn.Module):
    """The log-scales (part 0) or shifts (part 1) of a coupling, from and to vectors of both coordinates."""

    def __init__(self, layer: AffineCoupling, part: int) -> None:
        super().__init__()
        self.layer, self.part = layer, part

    def forward(self, masked: Tensor) -> Tensor:
        hidden = self.layer.network(masked[:, self.layer.kept])[:, self.part : self.part + 1]
        said = hidden if self.part else torch.tanh(hidden) * self.layer.reach
        return torch.zeros_like(masked).index_copy(1, self.layer.moved, said)


@pytest.mark.parametrize(
    ("shape", "levels", "sentence"),
    [((1, 5, 9), 1, "even numbers of pixels, .* 9×5"), ((1, 28, 28), 3, "28×28 .* at most 2"), ((3, 8, 7), 2, "even")],
)
def test_pictures_that_cannot_be_halved_are_refused(shape: tuple[int, ...], levels: int, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        RealNvpConfig(levels=levels).resolved(DataSpec(name="odd", shape=shape))


def test_learning_rate_rises_and_falls() -> None:
    spec = flow(GREY, warm_up_epochs=2.0, decay_epochs=10.0).phases()[0].objectives[0].optimizer
    assert spec.rate_factor is not None
    assert [spec.rate_factor(Progress(0, epoch)) for epoch in (0.0, 1.0, 2.0, 10.0, 20.0)] == pytest.approx(
        [0.0, 0.5 * 10**-0.1, 10**-0.2, 0.1, 0.01]
    )
    unchanging = flow(GREY, warm_up_epochs=0.0).phases()[0].objectives[0].optimizer
    assert unchanging.rate_factor is not None
    assert unchanging.rate_factor(Progress(0, 0.0)) == 1.0


def test_a_constant_coordinate_stays_finite() -> None:
    points = torch.randn(100, 2, generator=seeded())
    points[:, 1] = 3.0
    model = flow(POINTS, at_start=True)
    model.prepare(ImageDataset(POINTS, "train", points), seeded())
    assert bool(model.log_likelihood(points, seeded()).isfinite().all())
    assert bool(model.decode(model.sample_prior(50, generator=seeded())).isfinite().all())
