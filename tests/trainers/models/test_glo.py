"""Codes learned with their pictures: in the ball, only where the batch is, from a start that pays."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.batching import BatchStream
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import TrainingMark, load_model, save_checkpoint
from trainers.engine.encoding import encode_dataset
from trainers.engine.fabric import make_fabric
from trainers.engine.fitting_data import part_of
from trainers.engine.loss_meter import LossMeter
from trainers.engine.phase_steps import PhaseSteps
from trainers.errors import UsageError
from trainers.models.glo import Glo, GloConfig
from trainers.models.latent_model import CodeTable, Encoder, FittedPrior
from trainers.models.training_plan import Progress

BATCH = 50


@pytest.fixture
def digits() -> ImageDataset:
    """Some of the embedded digits."""
    dataset = part_of(load_dataset("digits", "train"), slice(600))
    spec = dataset.spec.model_copy(update={"count": 600, "fingerprint": "0" * 64})
    return ImageDataset(spec, "train", dataset.images, dataset.labels)


def _prepared(dataset: ImageDataset, seed: int = 0, **settings: object) -> Glo:
    torch.manual_seed(seed)
    config = GloConfig.from_values({"architecture": "mlp", "hidden_sizes": [64], "latent_size": 16, **settings})
    model = Glo(config.resolved(dataset.spec), dataset.spec)
    model.prepare(dataset, torch.Generator().manual_seed(seed))
    return model


def _steps(model: Glo, meter: LossMeter | None = None) -> PhaseSteps:
    (phase,) = model.phases()
    return PhaseSteps(phase, make_fabric(torch.device("cpu"), "float32"), meter or LossMeter())


def _batches(dataset: ImageDataset) -> list[Batch]:
    stream = BatchStream(dataset, BATCH, 0, torch.device("cpu"), "none")
    return list(stream.epoch(0, torch.Generator().manual_seed(0)))


def _no_more() -> Batch:
    raise AssertionError("no objective repeats its step")


def _train(model: Glo, dataset: ImageDataset, epochs: int) -> float:
    """Train for some epochs; gives the mean loss of the last one."""
    meter = LossMeter()
    steps = _steps(model, meter)
    for epoch in range(epochs):
        meter.clear()
        for place, batch in enumerate(_batches(dataset)):
            steps.step(batch, Progress(epoch * 12 + place, epoch + place / 12), _no_more)
    return meter.means()["loss"]


def _codes(model: Glo) -> Tensor:
    return model.training_codes().detach().clone()


def test_it_has_codes_and_a_fitted_prior_and_no_encoder(digits: ImageDataset) -> None:
    model = _prepared(digits)
    assert isinstance(model, CodeTable)
    assert isinstance(model, FittedPrior)
    assert not isinstance(model, Encoder)


@pytest.mark.parametrize("start", ["pca", "random"])
def test_every_code_is_in_the_unit_ball_after_every_step(digits: ImageDataset, start: str) -> None:
    # A step so large that it would leave the ball at once.
    model = _prepared(digits, code_start=start, code_rate_factor=1000.0)
    steps = _steps(model)
    assert float(_codes(model).norm(dim=1).max()) <= 1.0 + 1e-6
    for place, batch in enumerate(_batches(digits)):
        steps.step(batch, Progress(place, place / 12), _no_more)
        lengths = _codes(model).norm(dim=1)
        assert float(lengths.max()) <= 1.0 + 1e-6
        assert float(lengths[batch.indices].mean()) > 0.99


def test_codes_inside_the_ball_stay_where_they_are(digits: ImageDataset) -> None:
    model = _prepared(digits)
    (objective,) = model.phases()[0].objectives
    assert objective.after_step is not None
    with torch.no_grad():
        model.codes.weight *= 0.6
        before = _codes(model)
        objective.after_step(_batches(digits)[0])
    torch.testing.assert_close(_codes(model), before)


def test_only_the_codes_of_the_batch_move(digits: ImageDataset) -> None:
    model = _prepared(digits)
    steps = _steps(model)
    for place, batch in enumerate(_batches(digits)):
        before = _codes(model)
        steps.step(batch, Progress(place, place / 12), _no_more)
        moved = (_codes(model) != before).any(dim=1)
        assert set(moved.nonzero().flatten().tolist()) == set(batch.indices.tolist())


def test_codes_of_items_that_other_processes_work_on_are_kept_in_the_ball_too(digits: ImageDataset) -> None:
    model = _prepared(digits)
    (objective,) = model.phases()[0].objectives
    assert objective.after_step is not None
    with torch.no_grad():
        model.codes.weight[:4] *= 5.0
        before = _codes(model)
        batch = Batch(
            digits.scaled(slice(0, 1)), torch.tensor([0]), torch.Generator(), shared_indices=torch.tensor([0, 2])
        )
        objective.after_step(batch)
    changed = (_codes(model) != before).any(dim=1).nonzero().flatten()
    assert changed.tolist() == [0, 2]


def test_codes_take_larger_steps_than_the_generator_and_both_get_smaller(digits: ImageDataset) -> None:
    model = _prepared(digits, learning_rate=1e-3, code_rate_factor=20.0, rate_half_life=2.0)
    (objective,) = model.phases()[0].objectives
    generator, codes = (moved.optimizer for moved in objective.moved)
    assert (generator.name, generator.learning_rate) == ("adam", 1e-3)
    assert codes.name == "sparse_adam"
    assert codes.learning_rate == pytest.approx(2e-2)
    for spec in (generator, codes):
        assert spec.rate_factor is not None
        assert [spec.rate_factor(Progress(0, epoch)) for epoch in (0.0, 2.0, 4.0)] == [1.0, 0.5, 0.25]


def test_codes_start_along_the_principal_components_of_their_images(digits: ImageDataset) -> None:
    codes = _codes(_prepared(digits)).double()
    images = digits.scaled().flatten(1).double()
    centred = images - images.mean(dim=0)
    components = torch.linalg.svd(centred, full_matrices=False).Vh[:16]
    expected = centred @ components.T
    # A direction and its opposite are the same component.
    signs = torch.sign((codes * expected).sum(dim=0))
    cosines = torch.nn.functional.cosine_similarity(codes * signs, expected)
    assert float(cosines.min()) > 0.999


def test_a_start_from_principal_components_beats_a_random_one(digits: ImageDataset) -> None:
    after_three, after_twelve = (
        _train(_prepared(digits, code_start=start), digits, epochs) for start, epochs in (("pca", 3), ("random", 12))
    )
    assert after_three < after_twelve


def test_more_numbers_than_images_can_vary_in_start_at_zero() -> None:
    images = torch.randint(256, (6, 1, 4, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    dataset = ImageDataset(DataSpec(name="few", shape=(1, 4, 4), count=6), "train", images)
    codes = _codes(_prepared(dataset))
    assert codes.shape == (6, 16)
    assert bool((codes[:, 6:] == 0.0).all())
    assert bool(codes[:, :5].abs().sum(dim=0).all())


def test_samples_come_from_the_gaussian_of_the_codes(digits: ImageDataset) -> None:
    model = _prepared(digits)
    _train(model, digits, 2)
    model.fit_prior(model.training_codes(), seed=0)
    codes = _codes(model)
    drawn = model.sample_prior(40_000, generator=torch.Generator().manual_seed(0))
    mean, deviation = model.prior_moments()
    torch.testing.assert_close(mean, codes.mean(dim=0), atol=1e-4, rtol=0.0)
    torch.testing.assert_close(deviation, codes.std(dim=0, correction=0), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(drawn.T.cov(), codes.T.cov(), atol=2e-3, rtol=0.0)
    assert torch.equal(model.sample_prior(3, 0.0), mean.expand(3, -1))


def test_before_training_samples_are_those_of_the_first_codes(digits: ImageDataset) -> None:
    model = _prepared(digits)
    mean, deviation = model.prior_moments()
    torch.testing.assert_close(mean, _codes(model).mean(dim=0), atol=1e-4, rtol=0.0)
    assert float(deviation.max()) < 1.0


def test_the_codes_are_saved_with_the_model_and_encode_its_training_split(digits: ImageDataset, tmp_path: Path) -> None:
    model = _prepared(digits)
    _train(model, digits, 1)
    file = tmp_path / "model.safetensors"
    save_checkpoint(file, model, TrainingMark(run="run", step=12, epoch=1.0, seed=0))
    opened = load_model(file)
    encodings = encode_dataset(opened, digits, limit=100)
    assert torch.equal(torch.from_numpy(encodings.codes), _codes(model)[:100])
    assert encodings.log_variances is None
    test = ImageDataset(digits.spec, "test", digits.images[:5])
    with pytest.raises(UsageError, match="only a code for every item it learned from"):
        encode_dataset(opened, test)


def test_the_squared_error_joins_the_loss_with_its_weight(digits: ImageDataset) -> None:
    batch = _batches(digits)[0]
    terms = [
        _prepared(digits, squared_error_weight=weight).phases()[0].objectives[0].loss(batch, Progress(0, 0.0))
        for weight in (0.0, 3.0)
    ]
    squared = float(terms[0].scalars["squared_error"])
    totals = [float(term.total.detach()) for term in terms]
    assert totals[1] - totals[0] == pytest.approx(3.0 * squared, rel=1e-4)
    assert totals[0] == pytest.approx(float(terms[0].scalars["pyramid"]))


def test_points_are_refused() -> None:
    with pytest.raises(UsageError, match="glo models images"):
        GloConfig().resolved(DataSpec(name="moons", kind="points", shape=(2,)))
