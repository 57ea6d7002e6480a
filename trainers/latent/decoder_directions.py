"""Directions that a decoder itself prefers: of its first layer in closed form, and of its Jacobian at a code."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.errors import UsageError
from trainers.latent.latent_space import LatentSpace

Array = NDArray[np.float64]
# Items (batch, *shape) of codes (batch, latent_size), no item depending on another's code.
Decode = Callable[[Tensor], Tensor]

# Up to so many numbers in a code the whole Jacobian costs less than an iteration.
_EXACT = 96
_EXTRA = 8
_ROUNDS = 12
_STEADY = 1e-4
_TANGENTS_AT_ONCE = 64


class RankedVectors(NamedTuple):
    """Unit vectors in a latent space, the strongest first.

    vectors: (count, latent_size). strengths: (count,), falling within each block. blocks: (count,) names of the blocks
    of the code that the vectors lie in, empty for the whole of it.
    """

    vectors: Array
    strengths: Array
    blocks: tuple[str, ...]


def first_layer_directions(space: LatentSpace, weights: Mapping[str, Tensor], count: int) -> RankedVectors:
    """The first `count` eigenvectors of WᵀW of each block's first linear map, with their eigenvalues.

    They are the steps of length 1 to which the layer reacts most, and need no data (Shen and Zhou, Closed-Form
    Factorization of Latent Semantics in GANs, 2021). The largest number of each is positive. A block has fewer where
    its layer has fewer inputs or outputs.

    weights: (outputs, block size) by block name; blocks without any have no directions.
    """
    vectors, strengths, blocks = [], [], []
    for name, place in space.slices().items():
        if name not in weights:
            continue
        matrix = weights[name].detach().cpu().double().numpy()
        _, lengths, rows = np.linalg.svd(matrix, full_matrices=False)
        kept = min(count, len(lengths))
        placed = np.zeros((kept, space.size))
        placed[:, place] = _with_positive_peaks(rows[:kept])
        vectors.append(placed)
        strengths.append(lengths[:kept] ** 2)
        blocks += [name] * kept
    if not vectors:
        return RankedVectors(np.zeros((0, space.size)), np.zeros(0), ())
    return RankedVectors(np.concatenate(vectors), np.concatenate(strengths), tuple(blocks))


def jacobian_directions(decode: Decode, code: Tensor, count: int, seed: int = 0) -> RankedVectors:
    """The top right singular vectors of the Jacobian of a decoder at a code (latent_size,), with the singular values.

    They are the steps of length 1 that change the item most, by the root of the summed squares of its numbers. Codes
    of up to 96 numbers get the whole Jacobian, one product with a tangent each; of longer ones a subspace is turned by
    JᵀJ until its singular values stand still (Halko, Martinsson and Tropp, Finding Structure with Randomness, 2011).
    Fewer than `count` where the code is shorter. Raises `UsageError` where the item does not change with the code.
    """
    size = len(code)
    kept = min(count, size)
    with torch.inference_mode(False), torch.enable_grad():
        place = code.detach().clone()
        if size <= max(_EXACT, kept + _EXTRA):
            lengths, rows = _right_vectors(_pushed(decode, place, torch.eye(size).to(place)), torch.eye(size))
        else:
            lengths, rows = _by_iteration(decode, place, kept, seed)
    if not float(lengths[0]) > 0.0:
        raise _no_directions()
    vectors = _with_positive_peaks(rows[:kept].double().numpy())
    return RankedVectors(vectors, lengths[:kept].double().numpy(), ("",) * kept)


def _by_iteration(decode: Decode, code: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    width = min(count + _EXTRA, len(code))
    start = torch.randn(len(code), width, generator=torch.Generator().manual_seed(seed))
    basis = torch.linalg.qr(start).Q.T
    earlier = torch.zeros(count)
    lengths, rows = earlier, basis
    for _ in range(_ROUNDS):
        pushed = _pushed(decode, code, basis.to(code))
        lengths, rows = _right_vectors(pushed, basis)
        change = (lengths[:count] - earlier).abs().max()
        if not float(lengths[0]) > 0.0 or change <= _STEADY * lengths[0]:
            break
        earlier = lengths[:count]
        basis = torch.linalg.qr(_pulled(decode, code, pushed).T).Q.T
    return lengths, rows


def _right_vectors(pushed: Tensor, tangents: Tensor) -> tuple[Tensor, Tensor]:
    """Singular values and right vectors (count, size) of J within the span of orthonormal tangents (count, size).

    pushed: (count, numbers of an item), J times each tangent.
    """
    matrix = pushed.double()
    squares, turned = torch.linalg.eigh(matrix @ matrix.T)
    return squares.clamp(min=0.0).sqrt().flip(0), (turned.flip(1).T @ tangents.double())


def _pushed(decode: Decode, code: Tensor, tangents: Tensor) -> Tensor:
    """J times tangents (count, size): (count, numbers of an item), on the CPU.

    Jᵀu is linear in u, so that its own gradient along a tangent is J times that. The forward mode of torch takes
    seconds for its first product, and then no less time for the others.
    """
    parts = []
    for part in tangents.split(_TANGENTS_AT_ONCE):
        codes, items = _decoded(decode, code, len(part))
        weights = torch.zeros_like(items, requires_grad=True)
        (pulled,) = torch.autograd.grad(items, codes, weights, create_graph=True, allow_unused=True)
        if pulled is not None and pulled.requires_grad:
            (changes,) = torch.autograd.grad(pulled, weights, part)
            parts.append(changes.flatten(1).float().cpu())
        else:
            parts.append(torch.zeros(len(part), items[0].numel()))
    return torch.cat(parts)


def _pulled(decode: Decode, code: Tensor, changes: Tensor) -> Tensor:
    """Jᵀ times changes (count, numbers of an item): (count, size), on the CPU."""
    parts = []
    for part in changes.split(_TANGENTS_AT_ONCE):
        codes, items = _decoded(decode, code, len(part))
        (gradient,) = torch.autograd.grad(items, codes, part.to(items).view_as(items))
        parts.append(gradient.float().cpu())
    return torch.cat(parts)


def _decoded(decode: Decode, code: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The code `count` times over, and its items with a gradient; raises `UsageError` where they have none."""
    codes = code.expand(count, -1).clone().requires_grad_()
    items = decode(codes)
    if not items.requires_grad:
        raise _no_directions()
    return codes, items


def _no_directions() -> UsageError:
    return UsageError(
        "The picture does not change smoothly with the code here, so the decoder has no directions; choose other "
        "ones, such as principal directions."
    )


def _with_positive_peaks(rows: NDArray[np.floating]) -> Array:
    values = np.asarray(rows, np.float64)
    if not len(values):
        return values
    peaks = np.abs(values).argmax(axis=1)
    return np.asarray(values * np.sign(values[np.arange(len(values)), peaks])[:, None], np.float64)
