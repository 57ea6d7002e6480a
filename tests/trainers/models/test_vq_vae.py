"""The autoencoder of discrete codes: its losses, its codebook, and the prior of its second phase."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import StoppedError, UsageError
from trainers.models.capabilities import capabilities
from trainers.models.training_plan import Objective, Progress, Terms
from trainers.models.vq_vae import VqVae, VqVaeConfig

SPEC = DataSpec(name="grey", shape=(1, 8, 8), class_names=("left", "right"))
BLOCK = "features"


def _model(**settings: object) -> VqVae:
    torch.manual_seed(0)
    small: dict[str, Any] = {
        "channels": [8, 12],
        "residual_blocks": 1,
        "entries": 16,
        "depth": 4,
        "prior_width": 12,
        "prior_blocks": 2,
    }
    model = VqVae(VqVaeConfig.from_values(small | settings), SPEC)
    model.prepare(_dataset(), _seeded())
    return model


def _dataset(count: int = 200) -> ImageDataset:
    """Bright halves on the left for one class and on the right for the other, with noise."""
    labels = torch.arange(count) % 2
    images = torch.rand(count, 1, 8, 8, generator=_seeded(1)) * 0.3
    images[labels == 0, :, :, :4] += 0.6
    images[labels == 1, :, :, 4:] += 0.6
    return ImageDataset(SPEC, "train", (images * 255.0).to(torch.uint8), labels)


def _batch(count: int = 64) -> Batch:
    dataset = _dataset()
    assert dataset.labels is not None
    return Batch(dataset.scaled(slice(0, count)), torch.arange(count), _seeded(2), dataset.labels[:count])


def _seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _objective(model: VqVae, phase: int) -> Objective:
    return model.phases()[phase].objectives[0]


def _terms(model: VqVae, phase: int = 0) -> Terms:
    return _objective(model, phase).loss(_batch(), Progress(0, 0.0))


def _train(model: VqVae, phase: int, steps: int, rate: float = 5e-3) -> dict[str, float]:
    objective = _objective(model, phase)
    optimizer = torch.optim.Adam(objective.parameters, lr=rate)
    assert objective.after_step is not None
    for step in range(steps):
        terms = objective.loss(_batch(), Progress(step, 0.0))
        optimizer.zero_grad()
        terms.total.backward()
        optimizer.step()
        with torch.no_grad():
            objective.after_step(_batch())
    return {name: float(value) for name, value in terms.scalars.items()}


def test_loss_is_error_relative_to_the_mean_plus_commitment() -> None:
    model = _model(commitment=0.7)

    terms = _terms(model)

    images = _batch().images
    error = (model.decode(model.encode(images).mean) - images).square().mean()
    features = model.encode(images).mean
    rounded = model.with_indices(features, BLOCK, model.code_indices(features, BLOCK))
    commitment = (features - rounded).square().mean()
    assert torch.allclose(terms.total, error / model.error_of_mean + 0.7 * commitment, atol=1e-5)
    assert torch.allclose(terms.scalars["squared_error"], error)
    assert float(model.error_of_mean) == pytest.approx(float(_dataset().scaled().var()), rel=1e-3)


def test_cross_entropy_is_one_of_two_reconstruction_errors() -> None:
    model = _model(loss="bce")

    terms = _terms(model)

    images = _batch().images
    decoded = model.decode(model.encode(images).mean)
    expected = torch.nn.functional.binary_cross_entropy(decoded, images)
    assert torch.allclose(terms.scalars["cross_entropy"], expected, rtol=1e-4)
    mean = _dataset().scaled().mean()
    entropy = float(torch.special.entr(mean) + torch.special.entr(1.0 - mean))
    assert float(model.error_of_mean) == pytest.approx(entropy, rel=1e-4)


def test_without_commitment_the_encoder_learns_from_the_picture_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model(commitment=0.0)
    found, rounded = [], []
    encoder_hook = model.encoder.register_forward_hook(lambda _module, _inputs, output: found.append(output))
    decoder_hook = model.decoder.register_forward_pre_hook(lambda _module, inputs: rounded.append(inputs[0]))

    total = _terms(model).total
    encoder_hook.remove()
    decoder_hook.remove()

    at_features, at_vectors = torch.autograd.grad(total, [found[0], rounded[0]])
    assert torch.equal(at_features, at_vectors)
    assert bool(at_vectors.any())


@pytest.mark.parametrize("codebook", ["moving_average", "gradient"])
def test_training_reconstructs_with_a_codebook_in_use(codebook: str) -> None:
    model = _model(codebook=codebook)
    before = float(_terms(model).scalars["squared_error"])

    scalars = _train(model, 0, 150)

    assert scalars["squared_error"] < 0.5 * before
    assert 4.0 < scalars["perplexity"] <= 16.0
    assert scalars["perplexity"] <= scalars["entries_used"] <= 16.0


def test_the_start_uses_every_entry_and_depends_on_the_seed_alone() -> None:
    model, again = _model(), _model()
    other = _model()
    other.prepare(_dataset(), _seeded(9))
    features = model.encode(_dataset().scaled()).mean

    assert len(model.code_indices(features, BLOCK).unique()) == 16
    assert torch.equal(model.quantizer.codebook, again.quantizer.codebook)
    assert not torch.equal(model.quantizer.codebook, other.quantizer.codebook)


def test_decoding_rounds_codes_to_entries() -> None:
    model = _model().eval()
    codes = model.encode(_batch().images).mean
    indices = model.code_indices(codes, BLOCK)
    entries = model.codebook(BLOCK)

    rounded = entries[indices].permute(0, 3, 1, 2).flatten(1)

    assert not torch.allclose(codes, rounded)
    assert torch.equal(model.decode(codes), model.decode(rounded))
    assert torch.equal(model.with_indices(codes, BLOCK, indices), rounded)


def test_another_entry_in_one_cell_changes_the_picture_near_it() -> None:
    model = _model(residual_blocks=0)
    _train(model, 0, 50)
    codes = model.encode(_batch().images[:1]).mean
    indices = model.code_indices(codes, BLOCK)
    edited = indices.clone()
    edited[0, 0, 0] = (indices[0, 0, 0] + 7) % 16

    change = (model.decode(model.with_indices(codes, BLOCK, edited)) - model.decode(codes)).abs()[0, 0]

    assert float(change.detach()[:2, :2].max()) > 1e-3
    assert float(change.detach()[7, 7]) == 0.0


def test_an_unknown_block_is_told() -> None:
    with pytest.raises(ValueError, match="no block 'z'"):
        _model().codebook("z")


def test_statistics_are_those_of_the_codes_in_training() -> None:
    model = _model()
    _train(model, 0, 5, rate=0.0)
    codes = model.encode(_dataset().scaled()).mean.detach()

    mean, deviation = model.prior_moments()

    assert torch.allclose(mean, codes.mean(dim=0), atol=0.05 * float(codes.std()))
    assert torch.allclose(deviation, codes.std(dim=0), rtol=0.2)


def test_before_its_phase_the_prior_draws_every_cell_by_itself_as_the_data_use_it() -> None:
    model = _model()
    indices = model.code_indices(model.encode(_dataset().scaled()).mean, BLOCK)

    drawn = model.code_indices(model.sample_prior(4000, generator=_seeded()), BLOCK)

    for row, column in ((0, 0), (1, 3), (3, 2)):
        expected, found = (torch.bincount(grid[:, row, column], minlength=16).float() for grid in (indices, drawn))
        assert torch.allclose(expected / len(indices), found / len(drawn), atol=0.03)
    together = torch.stack([drawn[:, 0, 0], drawn[:, 0, 3]]).float()
    assert abs(float(torch.corrcoef(together)[0, 1])) < 0.05


def test_the_second_phase_trains_the_prior_and_leaves_the_codes_alone() -> None:
    model = _model()
    _train(model, 0, 30)
    before = {name: value.clone() for name, value in model.state_dict().items()}

    first = float(_terms(model, 1).scalars["nats_per_grid"])
    last = _train(model, 1, 60)["nats_per_grid"]

    changed = {name.split(".")[0] for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"prior", "prior_steps"}
    assert first > 0.9 * 16 * math.log(16.0)
    assert last < 0.8 * first


def test_the_prior_learns_what_belongs_together() -> None:
    model = _model()
    _train(model, 0, 60)
    _train(model, 1, 120)

    pictures = model.eval().decode(model.sample_prior(200, generator=_seeded()))

    left, right = pictures[..., :4].mean(dim=(1, 2, 3)), pictures[..., 4:].mean(dim=(1, 2, 3))
    assert float(((left - right).abs() > 0.3).float().mean()) > 0.8
    assert 0.2 < float((left > right).float().mean()) < 0.8


def test_a_class_conditional_prior_draws_the_class_it_is_told() -> None:
    model = _model(class_conditional_prior=True)
    assert not model.condition_spec.decodes
    _train(model, 0, 60)
    _train(model, 1, 120)

    for label, sign in ((0, 1.0), (1, -1.0)):
        condition = torch.eye(2)[[label] * 50]
        pictures = model.eval().decode(model.sample_prior(50, condition=condition, generator=_seeded()))
        difference = pictures[..., :4].mean(dim=(1, 2, 3)) - pictures[..., 4:].mean(dim=(1, 2, 3))
        assert float((sign * difference > 0.3).float().mean()) > 0.9


def test_cold_samples_are_all_the_likeliest_one() -> None:
    model = _model()
    _train(model, 0, 20)
    _train(model, 1, 20)

    cold, warm = (model.sample_prior(50, temperature, generator=_seeded()) for temperature in (0.0, 1.0))

    assert len(cold.unique(dim=0)) == 1
    assert len(warm.unique(dim=0)) > 40


def test_sampling_reports_every_row_and_stops_when_asked() -> None:
    model = _model()
    _train(model, 1, 1)
    told: list[tuple[float, str]] = []

    model.sample_prior(3, generator=_seeded(), report=lambda share, what: told.append((share, what)))

    assert told == [(0.25, "row 1 of 4"), (0.5, "row 2 of 4"), (0.75, "row 3 of 4"), (1.0, "row 4 of 4")]
    told.clear()
    with pytest.raises(StoppedError):
        model.sample_prior(
            3,
            generator=_seeded(),
            report=lambda share, what: told.append((share, what)),
            stop_requested=lambda: len(told) == 2,
        )
    assert len(told) == 2


def test_dead_entries_come_back_in_training() -> None:
    model = _model(revival_share=0.2, decay=0.9)
    with torch.no_grad():
        model.quantizer.codebook[1:] += 100.0
        model.quantizer.sums.copy_(model.quantizer.codebook)
    assert float(_terms(model).scalars["entries_used"]) == 1.0

    scalars = _train(model, 0, 60)

    assert scalars["entries_used"] >= 14.0


def test_it_has_an_encoder_and_a_codebook_but_no_likelihood() -> None:
    assert capabilities(_model()) == {"encoder", "quantizer"}


def test_bits_of_noise_are_drawn_for_binarised_data() -> None:
    torch.manual_seed(0)
    spec = SPEC.model_copy(update={"binarisation": "dynamic"})
    model = VqVae(VqVaeConfig(entries=8, depth=4), spec)
    model.prepare(_dataset(), _seeded())

    mean = float(_dataset().scaled().mean())
    assert float(model.error_of_mean) == pytest.approx(mean * (1.0 - mean), rel=0.02)


@pytest.mark.parametrize(
    ("spec", "settings", "sentence"),
    [
        (DataSpec(name="moons", kind="points", shape=(2,)), {}, "models images"),
        (DataSpec(name="plain", shape=(1, 8, 8)), {"class_conditional_prior": True}, "no classes"),
    ],
)
def test_data_that_do_not_fit_are_refused(spec: DataSpec, settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        VqVaeConfig.from_values(settings).resolved(spec)


def test_codes_are_a_grid_of_a_quarter_of_the_picture() -> None:
    model = VqVae(VqVaeConfig(), DataSpec(name="digits", shape=(1, 28, 28)))

    (block,) = model.latent_space.blocks
    assert (block.name, block.shape, block.prior) == (BLOCK, (32, 7, 7), "empirical")
    codes: Tensor = model.encode(torch.rand(2, 1, 28, 28)).mean
    assert model.code_indices(codes, BLOCK).shape == (2, 7, 7)
