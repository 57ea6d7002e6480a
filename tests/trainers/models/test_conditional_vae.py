"""The conditional VAE: what it is told changes bound and pictures, and nothing is guessed where it is told nothing."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.distributions import MultivariateNormal

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.losses.importance_bound import importance_bound
from trainers.models.conditional_vae import ConditionalVae, ConditionalVaeConfig
from trainers.models.training_plan import Progress

CLASSES = ("left", "right", "both")
LABELLED = DataSpec(name="labelled", shape=(1, 4, 4), class_names=CLASSES)
DESCRIBED = DataSpec(
    name="described",
    shape=(1, 4, 4),
    class_names=CLASSES,
    attribute_names=("age", "smile"),
    attribute_minima=(0.0, -1.0),
    attribute_maxima=(90.0, 1.0),
)
BARE = DataSpec(name="bare", shape=(1, 4, 4))
SMALL: dict[str, Any] = {"architecture": "mlp", "hidden_sizes": [16]}


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _model(spec: DataSpec = LABELLED, **settings: object) -> ConditionalVae:
    torch.manual_seed(0)
    return ConditionalVae(ConditionalVaeConfig.from_values(SMALL | settings).resolved(spec), spec)


def _linear_gaussian(loadings: Tensor, deviation: float = 0.5) -> tuple[ConditionalVae, Tensor, MultivariateNormal]:
    """A linear model in float64, pixels N(loadings · z + shift of the class, deviation²), with its best posterior.

    Gives the shifts (3, 4) too, and the law of pixels around them. loadings: (4, 2).
    """
    spec = LABELLED.model_copy(update={"shape": (1, 2, 2)})
    settings = {"hidden_sizes": [], "likelihood": "gaussian", "standard_deviation": deviation}
    model = _model(spec, **settings).double()
    variance = torch.exp(2.0 * model.log_deviation).double()
    precision = torch.eye(2).double() + loadings.T @ loadings / variance
    encoder, decoder = model.encoder[1], model.decoder[0]
    assert isinstance(encoder, nn.Linear)
    assert isinstance(decoder, nn.Linear)
    shifts = torch.randn(3, 4, generator=_seeded(), dtype=torch.float64)
    means = torch.linalg.solve(precision, loadings.T / variance)
    # One over what the networks see of a class, in the precision the model keeps it in.
    told = torch.tensor(3**-0.5).double()
    with torch.no_grad():
        decoder.weight.copy_(torch.cat([loadings, told * shifts.T], dim=1))
        model.condition_channel.pictures.weight.copy_(told * shifts.T)
        encoder.weight.zero_()[:2] = torch.cat([means, -means], dim=1)
        encoder.bias.zero_()[2:] = -precision.diagonal().log()
    law = MultivariateNormal(torch.zeros(4).double(), loadings @ loadings.T + variance * torch.eye(4).double())
    return model, shifts, law


def test_with_an_exact_posterior_every_importance_weight_is_the_conditional_likelihood() -> None:
    model, shifts, law = _linear_gaussian(torch.tensor([[1.0, 0.5], [0.5, -1.0], [-1.0, 2.0], [2.0, 1.0]]).double())
    images = torch.randn(6, 1, 2, 2, generator=_seeded(1), dtype=torch.float64)
    labels = torch.tensor([0, 1, 2, 0, 1, 2])

    log_weights = model.log_weights(images, 20, _seeded(2), torch.eye(3).double()[labels])

    expected = law.log_prob(images.flatten(1) - shifts[labels]).expand(20, 6)
    assert torch.allclose(log_weights, expected, rtol=0.0, atol=1e-9)


def test_more_samples_tighten_the_conditional_bound() -> None:
    model, shifts, law = _linear_gaussian(torch.tensor([[1.0, 0.9], [0.8, 1.0], [1.0, 0.7], [0.6, 1.0]]).double())
    images, condition = law.sample((1,)).view(1, 1, 2, 2), torch.eye(3).double()[[1]]

    log_weights = model.log_weights(images, 200_000, _seeded(1), condition)[:, 0]
    bounds = [importance_bound(log_weights.view(-1, samples).T).mean().item() for samples in (1, 5, 50)]

    assert bounds[0] + 0.05 < bounds[1]
    assert bounds[1] + 0.01 < bounds[2]
    assert bounds[2] <= law.log_prob(images.flatten(1) - shifts[[1]]).item() + 1e-3


def test_both_terms_of_the_bound_average_to_the_single_sample_bound() -> None:
    model, _, law = _linear_gaussian(torch.tensor([[1.0, 0.9], [0.8, 1.0], [1.0, 0.7], [0.6, 1.0]]).double())
    images, condition = law.sample((1,)).view(1, 1, 2, 2), torch.eye(3).double()[[2]]

    single = model.log_weights(images, 50_000, _seeded(1), condition)[:, 0]
    terms = model.bound_terms(images.expand(50_000, 1, 2, 2), _seeded(2), condition.expand(50_000, 3))
    both = terms.log_likelihood - terms.kl.sum(dim=1)

    error = (single.var() / 50_000 + both.var() / 50_000).sqrt()
    assert abs(float((single.mean() - both.mean()).detach())) < 4.0 * float(error.detach())


@pytest.mark.parametrize(
    ("spec", "condition", "kind"),
    [
        (LABELLED, "auto", "classes"),
        (DESCRIBED, "auto", "attributes"),
        (DESCRIBED, "classes", "classes"),
        (DESCRIBED, "attributes", "attributes"),
    ],
)
def test_the_condition_is_decided_by_the_data(spec: DataSpec, condition: str, kind: str) -> None:
    model = _model(spec, condition=condition)

    assert model.config.condition == model.condition_spec.kind == kind
    assert model.condition_spec.names == (CLASSES if kind == "classes" else ("age", "smile"))


@pytest.mark.parametrize(
    ("spec", "condition", "message"),
    [
        (BARE, "auto", "neither"),
        (BARE, "classes", "no classes"),
        (LABELLED, "attributes", "no attributes"),
        (
            DataSpec(name="moons", kind="points", shape=(2,), class_names=CLASSES),
            "auto",
            "conditional_vae models images",
        ),
    ],
)
def test_data_without_the_condition_are_refused(spec: DataSpec, condition: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ConditionalVaeConfig.from_values({"condition": condition}).resolved(spec)


def test_nothing_is_encoded_or_decoded_without_a_condition() -> None:
    model = _model()

    with pytest.raises(ValueError, match="needs a condition of shape"):
        model.decode(torch.zeros(2, 2))
    with pytest.raises(ValueError, match="needs a condition of shape"):
        model.encode(torch.zeros(2, 1, 4, 4))
    with pytest.raises(ValueError, match=r"shape \(1, 3\) and should have \(2, 3\)"):
        model.decode(torch.zeros(2, 2), torch.eye(3)[[0]])


def test_classes_reach_the_decoder_with_a_mean_square_of_one() -> None:
    model, codes = _model(), torch.randn(3, 2, generator=_seeded())

    expected = torch.sigmoid(model.decoder(torch.cat([codes, 3**0.5 * torch.eye(3)], dim=1)))

    assert torch.allclose(model.decode(codes, torch.eye(3)), expected)


def test_attributes_are_scaled_by_their_range() -> None:
    scaled = DESCRIBED.model_copy(update={"attribute_minima": (-1.0, -1.0), "attribute_maxima": (1.0, 1.0)})
    model, plain = _model(DESCRIBED), _model(scaled)
    assert model.state_dict().keys() == plain.state_dict().keys()
    codes = torch.randn(4, 2, generator=_seeded())

    ages = torch.tensor([0.0, 45.0, 90.0, 135.0])
    smiles = torch.tensor([-1.0, 0.5, 1.0, 0.0])
    pictures = model.decode(codes, torch.stack([ages, smiles], dim=1))

    same = plain.decode(codes, torch.stack([torch.tensor([-1.0, 0.0, 1.0, 2.0]), smiles], dim=1))
    assert torch.allclose(pictures, same, atol=1e-6)


def test_an_attribute_that_never_varies_changes_nothing() -> None:
    spec = DESCRIBED.model_copy(update={"attribute_minima": (7.0, -1.0), "attribute_maxima": (7.0, 1.0)})
    model, codes = _model(spec), torch.zeros(2, 2)

    pictures = model.decode(codes, torch.tensor([[7.0, 0.5], [70.0, 0.5]]))

    assert bool(pictures.isfinite().all())
    assert torch.equal(pictures[0], pictures[1])


def test_the_encoder_knows_the_condition() -> None:
    model, images = _model(), torch.rand(1, 1, 4, 4, generator=_seeded()).round().expand(3, 1, 4, 4)

    means = model.encode(images, torch.eye(3)).mean

    assert float((means[0] - means[1]).abs().min().detach()) > 1e-3


def test_with_the_divergence_alone_everything_that_encodes_is_moved() -> None:
    model = _model(objective_terms="kl_only")

    moved = {id(parameter) for parameter in model.phases()[0].objectives[0].parameters}

    encoding = [*model.encoder.parameters(), *model.condition_channel.parameters()]
    assert moved == {id(parameter) for parameter in encoding}


def _halves(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures that are white in the left half, the right half or both, with some pixels turned over."""
    white = torch.zeros(3, 1, 4, 4)
    white[0, :, :, :2] = white[1, :, :, 2:] = white[2] = 1.0
    turned = torch.rand(len(labels), 1, 4, 4, generator=generator) < 0.1
    return torch.where(turned, 1.0 - white[labels], white[labels])


def _train(model: ConditionalVae, steps: int = 250) -> None:
    objective = model.phases()[0].objectives[0]
    optimizer = torch.optim.Adam(objective.parameters, lr=0.02)
    for step in range(steps):
        generator = _seeded(step)
        labels = torch.randint(3, (64,), generator=generator)
        attributes = torch.stack([30.0 * labels, torch.zeros(64)], dim=1)
        batch = Batch(_halves(labels, generator), torch.arange(64), generator, labels, attributes)
        optimizer.zero_grad()
        objective.loss(batch, Progress(step, step / 50)).total.backward()
        optimizer.step()


def test_one_code_gives_every_class_its_own_picture() -> None:
    model = _model()
    _train(model)

    pictures = model.decode(torch.zeros(1, 2).expand(3, 2), torch.eye(3)).detach()[:, 0]

    left, right = pictures[:, :, :2].mean(dim=(1, 2)), pictures[:, :, 2:].mean(dim=(1, 2))
    assert ((left > 0.75).tolist(), (right > 0.75).tolist()) == ([True, False, True], [False, True, True])
    assert float(left[1]) < 0.25
    assert float(right[0]) < 0.25


def test_an_attribute_swept_with_one_code_changes_the_picture_step_by_step() -> None:
    model = _model(DESCRIBED)
    _train(model)

    ages = torch.linspace(30.0, 60.0, 5)
    pictures = model.decode(torch.zeros(5, 2), torch.stack([ages, torch.zeros(5)], dim=1)).detach()[:, 0]

    left = pictures[:, :, :2].mean(dim=(1, 2))
    assert bool((left.diff() > 0.0).all())
    assert float(left[-1] - left[0]) > 0.5


def test_items_without_a_number_are_no_condition() -> None:
    model = _model(DESCRIBED)
    told = torch.tensor([[30.0, 1.0], [torch.nan, 0.0]])
    known = model.condition_spec.of_items(None, told[:1])
    assert known is not None
    assert torch.equal(known, told[:1])
    with pytest.raises(UsageError, match="1 of these 2 items have no number for age"):
        model.condition_spec.of_items(None, told)
