"""A decoder's own directions, against matrices whose singular vectors are known."""

import numpy as np
import pytest
import torch
from torch import Tensor

import trainers.latent.decoder_directions as of_decoders
from trainers.errors import UsageError
from trainers.latent.decoder_directions import first_layer_directions, jacobian_directions
from trainers.latent.latent_space import LatentBlock, LatentSpace


def bent(weights: Tensor) -> of_decoders.Decode:
    """Codes to items (2, …) by a matrix and a bend; at 0 its Jacobian is the matrix."""
    return lambda codes: torch.tanh(codes @ weights.T).unflatten(1, (2, -1))


def full_jacobian(decode: of_decoders.Decode, code: Tensor) -> np.ndarray:
    jacobian = torch.autograd.functional.jacobian(lambda one: decode(one[None])[0].flatten(), code)
    return np.asarray(jacobian.double().numpy())


def test_the_first_layer_reacts_most_along_its_first_singular_vectors() -> None:
    space = LatentSpace(blocks=(LatentBlock(name="z", shape=(3,)),))
    weights = torch.tensor([[0.0, -5.0, 0.0], [0.0, 0.0, 2.0], [1.0, 0.0, 0.0]])
    found = first_layer_directions(space, {"z": weights}, 2)
    assert found.vectors == pytest.approx(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert found.strengths == pytest.approx([25.0, 4.0])
    assert found.blocks == ("z", "z")


def test_every_block_has_directions_of_its_own_and_only_there() -> None:
    space = LatentSpace(blocks=(LatentBlock(name="z2", shape=(2,), level=1), LatentBlock(name="z1", shape=(3,))))
    maps = {"z1": torch.diag(torch.tensor([1.0, 3.0, 2.0])), "z2": torch.tensor([[3.0, 4.0]])}
    found = first_layer_directions(space, maps, 5)
    assert found.blocks == ("z2", "z1", "z1", "z1")
    assert found.vectors[0] == pytest.approx([0.6, 0.8, 0.0, 0.0, 0.0])
    assert found.strengths == pytest.approx([25.0, 9.0, 4.0, 1.0])
    assert found.vectors[1:].argmax(axis=1).tolist() == [3, 4, 2]
    assert found.vectors @ found.vectors.T == pytest.approx(np.eye(4))


@pytest.mark.parametrize("size", [5, 40, 120, 200], ids=lambda size: f"{size} numbers")
def test_the_jacobians_singular_vectors_are_those_of_the_whole_matrix(size: int) -> None:
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(60, size, generator=generator) * torch.logspace(0.5, -1.5, size) / 8.0
    code = 0.3 * torch.randn(size, generator=generator)
    decode = bent(weights)
    _, lengths, rows = np.linalg.svd(full_jacobian(decode, code))
    found = jacobian_directions(decode, code, 4)
    assert found.strengths == pytest.approx(lengths[:4], rel=1e-3)
    assert np.abs((found.vectors * rows[:4]).sum(axis=1)) == pytest.approx(1.0, abs=1e-3)
    assert (found.vectors.max(axis=1) >= -found.vectors.min(axis=1)).all()
    assert np.array_equal(jacobian_directions(decode, code, 4).vectors, found.vectors)


def test_it_hangs_on_the_code_and_works_where_no_gradients_are_kept() -> None:
    decode = lambda codes: codes.square()  # noqa: E731
    with torch.inference_mode():
        found = jacobian_directions(decode, torch.tensor([1.0, 3.0, -2.0]), 9)
    assert found.vectors.tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert found.strengths == pytest.approx([6.0, 4.0, 2.0])


@pytest.mark.parametrize("size", [4, 150])
@pytest.mark.parametrize(
    "decode",
    [
        lambda codes: codes.round(),
        lambda codes: codes.detach().square(),
        lambda codes: codes.detach() * torch.nn.Parameter(torch.tensor(2.0)),
    ],
    ids=["rounds", "without gradients", "with gradients of weights alone"],
)
def test_a_decoder_that_does_not_follow_the_code_is_told_in_a_sentence(decode: of_decoders.Decode, size: int) -> None:
    with pytest.raises(UsageError, match="does not change smoothly"):
        jacobian_directions(decode, torch.full((size,), 0.2), 2)


def test_blocks_without_a_linear_start_have_none() -> None:
    space = LatentSpace(blocks=(LatentBlock(name="z", shape=(3,)),))
    assert first_layer_directions(space, {}, 2).vectors.shape == (0, 3)
