"""The PixelCNN as a model of pictures: its likelihood adds up, and its codes draw exactly one picture each."""

import itertools
import math
from typing import Any

import pytest
import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.models.capabilities import capabilities
from trainers.models.pixelcnn import PixelCnn, PixelCnnConfig
from trainers.models.training_plan import Progress

CLASSES = ("dark", "bright")


def _model(shape: tuple[int, ...] = (1, 6, 5), **settings: object) -> PixelCnn:
    torch.manual_seed(0)
    small: dict[str, Any] = {"width": 12, "blocks": 3}
    spec = DataSpec(name="random", shape=shape, class_names=CLASSES)
    model = PixelCnn(PixelCnnConfig.from_values(small | settings), spec)
    # Far from an even law, as a trained model is.
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2.0)
    return model.eval()


def _images(model: PixelCnn, count: int = 20) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(model.levels, (count, *model.data_spec.shape), generator=generator) / (model.levels - 1)


def _seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("shape", [(1, 3, 3), (3, 1, 3)], ids=["3 × 3 pixels", "3 colours"])
def test_probabilities_of_all_binary_pictures_sum_to_one(shape: tuple[int, ...]) -> None:
    model = _model(shape, likelihood="bernoulli")
    pictures = torch.tensor(list(itertools.product([0.0, 1.0], repeat=9))).view(512, *shape)

    probabilities = model.log_likelihood(pictures, _seeded()).detach().double().exp()

    assert float(probabilities.sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(probabilities.max()) > 5.0 / 512.0


def test_probabilities_of_all_8_bit_pictures_sum_to_one_whatever_bits_are_modelled() -> None:
    model = _model((1, 1, 2), likelihood="categorical", bits=3)
    levels = torch.arange(256) / 255.0
    pictures = torch.cartesian_prod(levels, levels).view(-1, 1, 1, 2)

    log_likelihood = model.log_likelihood(pictures, _seeded())

    assert float(log_likelihood.detach().double().exp().sum()) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("shape", "settings"),
    [
        ((1, 12, 11), {"likelihood": "bernoulli"}),
        ((1, 7, 6), {"likelihood": "categorical"}),
        ((3, 5, 6), {"likelihood": "categorical"}),
        ((3, 5, 6), {"likelihood": "categorical", "bits": 3}),
    ],
    ids=["bernoulli", "grey", "colour", "few bits"],
)
def test_a_picture_and_its_code_are_the_same_thing(shape: tuple[int, ...], settings: dict[str, object]) -> None:
    model = _model(shape, **settings)
    images = _images(model)

    codes = model.encode(images).mean

    assert codes.shape == (20, math.prod(shape))
    assert torch.equal(model.decode(codes), images)


def test_codes_of_the_models_own_pictures_are_standard_normal() -> None:
    model = _model((1, 8, 8), likelihood="categorical", bits=6)
    with torch.no_grad():
        # The middles of steps that are nearly even hardly differ from the numbers that drew them.
        model.network.output.weight.mul_(0.05)
    pictures = model.decode(model.sample_prior(300, generator=_seeded()))

    codes = model.encode(pictures).mean

    assert float(codes.mean()) == pytest.approx(0.0, abs=0.02)
    assert float(codes.std()) == pytest.approx(1.0, abs=0.02)


def test_a_number_of_the_code_changes_its_pixel_and_later_ones_only() -> None:
    model = _model((1, 6, 5), likelihood="bernoulli")
    codes = torch.zeros(2, 30)
    codes[0, 13], codes[1, 13] = -20.0, 20.0

    first, second = model.decode(codes).flatten(1)

    assert torch.equal(first[:13], second[:13])
    assert (first[13], second[13]) == (0.0, 1.0)


def test_steps_of_decoding_end_in_what_decoding_gives() -> None:
    model = _model((3, 6, 5))
    codes = model.sample_prior(4, generator=_seeded())

    steps = list(model.decode_steps(codes))

    assert [share for share, _ in steps] == [(row + 1) / 6 for row in range(6)]
    assert torch.equal(steps[-1][1], model.decode(codes))
    assert torch.equal(steps[2][1][:, :, :3], steps[-1][1][:, :, :3])
    assert float(steps[2][1][:, :, 3:].abs().max()) == 0.0


def test_likelihood_is_that_of_pixels_given_those_before() -> None:
    model = _model((1, 2, 2), likelihood="bernoulli")
    picture = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])

    logits = model.network(picture.long())

    law = (logits.softmax(dim=-1) * (1.0 - 2e-6) + 1e-6).detach()
    expected = law[0, 0, 0, 0, 1] * law[0, 0, 0, 1, 0] * law[0, 0, 1, 0, 0] * law[0, 0, 1, 1, 1]
    assert torch.allclose(model.log_likelihood(picture, _seeded()).exp(), expected)


def test_many_pictures_are_worked_on_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model((1, 4, 4), likelihood="categorical", bits=4, class_conditional=True)
    images, condition = _images(model, 7), model.condition_spec.usual(7)
    whole = model.log_likelihood(images, _seeded(), condition), model.encode(images, condition).mean

    monkeypatch.setattr("trainers.models.pixelcnn._AT_ONCE", 2 * 16 * 16)

    assert torch.allclose(model.log_likelihood(images, _seeded(), condition), whole[0])
    assert torch.allclose(model.encode(images, condition).mean, whole[1], atol=1e-5)


@pytest.mark.parametrize("settings", [{"likelihood": "bernoulli"}, {"likelihood": "categorical", "bits": 4}])
def test_it_starts_with_the_frequencies_of_the_data(settings: dict[str, object]) -> None:
    model = _model((1, 4, 4), **settings)
    images = (torch.arange(16).view(1, 1, 4, 4).repeat(10, 1, 1, 1) * 17).to(torch.uint8)
    if model.needs_binary_data:
        images = (images > 200).to(torch.uint8) * 255

    model.prepare(ImageDataset(model.data_spec, "train", images), _seeded())

    log_likelihood = model.log_likelihood(images.float() / 255.0, _seeded())
    bright = torch.tensor([12 / 16, 4 / 16])
    entropy = -torch.special.entr(bright).sum() if model.needs_binary_data else -torch.tensor(256.0).log()
    assert torch.allclose(log_likelihood, 16.0 * entropy.expand(10), atol=0.05)


def test_what_it_learns_of_classes_tells_them_apart() -> None:
    model = _model((1, 3, 3), likelihood="bernoulli", class_conditional=True, learning_rate=0.02)
    labels = torch.arange(40) % 2
    images = labels.float()[:, None, None, None].expand(40, 1, 3, 3)
    objective = model.phases()[0].objectives[0]
    optimizer = torch.optim.Adam(objective.parameters, lr=0.02)
    for step in range(60):
        loss = objective.loss(Batch(images, torch.arange(40), _seeded(), labels), Progress(step, 0.0)).total
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    codes = model.sample_prior(10, generator=_seeded())
    dark, bright = (model.decode(codes, torch.eye(2)[[label] * 10]) for label in range(2))

    assert float(dark.mean()) < 0.1
    assert float(bright.mean()) > 0.9
    right = model.log_likelihood(images[:2], _seeded(), torch.eye(2))
    assert bool((right > model.log_likelihood(images[:2], _seeded(), torch.eye(2).flip(0)) + 1.0).all())


def test_the_loss_is_the_likelihood_in_bits_and_nats() -> None:
    model = _model((3, 4, 4))
    images = _images(model)

    terms = model.phases()[0].objectives[0].loss(Batch(images, torch.arange(20), _seeded()), Progress(0, 0.0))

    nats = -model.log_likelihood(images, _seeded()).mean().detach()
    assert torch.allclose(terms.scalars["negative_log_likelihood"], nats)
    assert torch.allclose(terms.scalars["bits_per_dimension"], nats / 48 / math.log(2.0))
    assert torch.allclose(terms.total.detach(), nats / 48)


def test_it_can_all_that_an_exact_autoregressive_model_can() -> None:
    assert capabilities(_model()) == {"encoder", "likelihood", "exact_likelihood", "sequential"}


def test_auto_is_bernoulli_for_one_channel_and_categorical_for_colour() -> None:
    assert _model((1, 4, 4)).likelihood_name == "bernoulli"
    assert _model((1, 4, 4)).needs_binary_data
    assert _model((3, 4, 4)).likelihood_name == "categorical"
    assert not _model((3, 4, 4)).needs_binary_data


def test_a_class_condition_needs_classes() -> None:
    with pytest.raises(UsageError, match="no classes"):
        PixelCnnConfig(class_conditional=True).resolved(DataSpec(name="plain", shape=(1, 4, 4)))


def test_points_are_refused() -> None:
    with pytest.raises(UsageError, match="models images"):
        PixelCnnConfig().resolved(DataSpec(name="moons", kind="points", shape=(2,)))
