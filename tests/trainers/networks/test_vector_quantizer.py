"""Codebooks: which entry is nearest, what moves features and entries, and that no entry is lost."""

import pytest
import torch
from torch import Tensor

from trainers.networks.vector_quantizer import VectorQuantizer, perplexity

DEPTH = 3


def _quantizer(entries: int = 8, **settings: float | bool) -> VectorQuantizer:
    torch.manual_seed(0)
    return VectorQuantizer(entries, DEPTH, **settings)  # type: ignore[arg-type]


def _features(count: int = 6, seed: int = 1) -> Tensor:
    return torch.randn(count, DEPTH, 4, 5, generator=torch.Generator().manual_seed(seed))


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(2)


def _spread(quantizer: VectorQuantizer) -> int:
    """How many entries are used by 10,000 features spread over a square far from where entries begin."""
    return len(quantizer.indices(_far_features()).unique())


def _far_features() -> Tensor:
    return 20.0 + 5.0 * torch.rand(100, DEPTH, 10, 10, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_indices_are_the_brute_force_nearest(scale: float) -> None:
    quantizer, features = _quantizer(50), _features(40) * scale
    quantizer.codebook.mul_(scale)

    indices = quantizer.indices(features)

    vectors = features.permute(0, 2, 3, 1)[..., None, :]
    assert torch.equal(indices, (vectors - quantizer.codebook).square().sum(dim=-1).argmin(dim=-1))


def test_half_precision_around_it_changes_no_index() -> None:
    quantizer, features = _quantizer(200), _features(40)

    with torch.autocast("cpu", torch.bfloat16):
        quantized = quantizer(features)

    assert torch.equal(quantized.indices, quantizer.indices(features))
    assert quantized.vectors.dtype == torch.float32


def test_values_are_the_entries_to_the_bit_and_pass_gradients_straight_on() -> None:
    quantizer = _quantizer()
    features = _features().requires_grad_()

    quantized = quantizer(features)
    assert torch.equal(quantized.vectors, quantizer.vectors(quantized.indices))
    loss = (quantized.vectors**3).sum()
    at_vectors, at_features = torch.autograd.grad(loss, [quantized.vectors, features])

    assert torch.equal(at_features, at_vectors)
    assert torch.equal(at_vectors, 3.0 * quantized.vectors**2)


def test_errors_move_what_they_should_and_nothing_else() -> None:
    quantizer = _quantizer(averaged=False)
    features = _features().requires_grad_()
    quantized = quantizer(features)
    inputs = [features, quantizer.codebook]

    of_codebook = torch.autograd.grad(quantized.codebook_error, inputs, allow_unused=True, retain_graph=True)
    of_commitment = torch.autograd.grad(quantized.commitment_error, inputs, allow_unused=True, retain_graph=True)
    of_picture = torch.autograd.grad(quantized.vectors.sum(), inputs, allow_unused=True)

    assert [gradient is None for gradient in of_codebook] == [True, False]
    assert [gradient is None for gradient in of_commitment] == [False, True]
    assert [gradient is None for gradient in of_picture] == [False, True]
    difference = features.detach() - quantizer.vectors(quantized.indices).detach()
    assert torch.allclose(of_commitment[0], 2.0 * difference / features.numel())
    assert torch.allclose(quantized.codebook_error, difference.square().mean())


def test_without_memory_entries_move_to_the_centroids() -> None:
    quantizer, features = _quantizer(decay=0.0, revival_share=0.0), _features()
    indices = quantizer.indices(features)

    quantizer.update(features, indices, _generator())

    vectors, chosen = features.permute(0, 2, 3, 1).flatten(0, 2), indices.flatten()
    for entry in chosen.unique():
        assert torch.allclose(quantizer.codebook[entry], vectors[chosen == entry].mean(dim=0), atol=1e-4)


def test_averages_follow_their_definition() -> None:
    quantizer = _quantizer(decay=0.9, revival_share=0.0)
    counts, sums = torch.ones(8), quantizer.codebook.clone()
    for seed in range(5):
        features = _features(seed=seed)
        indices = quantizer.indices(features)
        one_hot = torch.nn.functional.one_hot(indices.flatten(), 8).float()
        counts = 0.9 * counts + 0.1 * one_hot.sum(dim=0)
        sums = 0.9 * sums + 0.1 * one_hot.T @ features.permute(0, 2, 3, 1).flatten(0, 2)
        smoothed = (counts + 1e-5) / (counts.sum() + 8e-5) * counts.sum()

        quantizer.update(features, indices, _generator())

        assert torch.allclose(quantizer.codebook, sums / smoothed[:, None], atol=1e-5)


@pytest.mark.parametrize("averaged", [True, False])
def test_entries_stay_among_the_features_from_the_first_step_on(averaged: bool) -> None:
    quantizer = _quantizer(100, averaged=averaged)
    largest = max(_features(seed=seed).norm(dim=1).max() for seed in range(20))
    largest = max(largest, quantizer.codebook.norm(dim=1).max())
    for seed in range(20):
        features = _features(seed=seed)
        quantizer.update(features, quantizer.indices(features), _generator())

        assert float(quantizer.codebook.detach().norm(dim=1).max()) <= float(largest) * 1.001


@pytest.mark.parametrize("averaged", [True, False])
def test_dead_entries_are_moved_to_features_of_the_batch(averaged: bool) -> None:
    quantizer = _quantizer(64, averaged=averaged, decay=0.9)
    assert _spread(quantizer) < 5
    generator = _generator()
    for _ in range(60):
        quantizer.update(_far_features(), quantizer.indices(_far_features()), generator)

    assert _spread(quantizer) >= 62


def test_a_dead_entry_becomes_a_feature_and_living_ones_stay() -> None:
    quantizer = _quantizer(averaged=False)
    quantizer.counts[:] = torch.tensor([5.0, 0.0, 5.0, 5.0, 0.0, 5.0, 5.0, 5.0])
    before, features = quantizer.codebook.detach().clone(), _features()

    quantizer.update(features, torch.zeros(6, 4, 5, dtype=torch.int64), _generator())

    vectors = features.permute(0, 2, 3, 1).flatten(0, 2)
    moved = (quantizer.codebook != before).any(dim=1)
    assert moved.nonzero().flatten().tolist() == [1, 4]
    assert all(bool((vectors == entry).all(dim=1).any()) for entry in quantizer.codebook[moved])
    assert len(quantizer.codebook[moved].unique(dim=0)) == 2
    assert float(quantizer.counts.min()) > 0.5


def test_features_far_from_their_entries_revive_dead_ones() -> None:
    quantizer = _quantizer(2, averaged=False)
    quantizer.counts[:] = torch.tensor([1000.0, 0.0])
    with torch.no_grad():
        quantizer.codebook.zero_()
    features = torch.zeros(6, DEPTH, 4, 5)
    features[3, :, 2, 1] = 9.0

    quantizer.update(features, torch.zeros(6, 4, 5, dtype=torch.int64), _generator())

    assert quantizer.codebook[1].tolist() == [9.0] * DEPTH


def test_no_revival_where_it_is_switched_off() -> None:
    quantizer = _quantizer(64, decay=0.9, revival_share=0.0)
    for _ in range(60):
        quantizer.update(_far_features(), quantizer.indices(_far_features()), _generator())

    assert _spread(quantizer) < 5


def test_a_k_means_start_uses_every_entry() -> None:
    quantizer, vectors = _quantizer(64), _far_features().permute(0, 2, 3, 1).flatten(0, 2)

    quantizer.start_from(vectors, seed=0)

    assert _spread(quantizer) == 64
    error = (quantizer.vectors(quantizer.indices(_far_features())) - _far_features()).square().mean()
    assert float(error) < 0.15 * float(_far_features().var())


def test_a_k_means_start_is_the_same_for_the_same_seed() -> None:
    first, second = _quantizer(16), VectorQuantizer(16, DEPTH)
    vectors = _far_features()[:10].permute(0, 2, 3, 1).flatten(0, 2)
    for quantizer in (first, second):
        quantizer.start_from(vectors, seed=4)

    assert torch.equal(first.codebook, second.codebook)
    assert torch.equal(first.sums, first.codebook)


def test_a_k_means_start_takes_fewer_different_features_than_entries() -> None:
    quantizer = _quantizer(8)
    before = quantizer.codebook.clone()

    quantizer.start_from(torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).repeat(100, 1), seed=0)

    assert quantizer.codebook[:2].tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert torch.equal(quantizer.codebook[2:], before[2:])


def test_perplexity_of_even_use_is_the_number_of_entries_and_of_one_entry_is_one() -> None:
    assert float(perplexity(torch.full((64,), 7.0))) == pytest.approx(64.0)
    assert float(perplexity(torch.tensor([0.0, 12.0, 0.0]))) == 1.0
    assert float(perplexity(torch.tensor([1.0, 1.0, 0.0, 0.0]))) == pytest.approx(2.0)


def test_uses_count_every_entry() -> None:
    assert _quantizer(4).uses(torch.tensor([[0, 3], [3, 1]])).tolist() == [1.0, 1.0, 0.0, 2.0]
