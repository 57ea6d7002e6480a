import pytest
import torch
from torch import Tensor, nn

from trainers.errors import UsageError
from trainers.latent.inversion import Inversion, InversionSettings, invert, nearest_starts
from trainers.latent.latent_space import LatentBlock, LatentSpace, Prior

ONE = LatentSpace(blocks=(LatentBlock(name="z", shape=(1,)),))


def space_of(prior: Prior, size: int) -> LatentSpace:
    return LatentSpace(blocks=(LatentBlock(name="z", shape=(size,), prior=prior),))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def waves(codes: Tensor, _items: Tensor) -> Tensor:
    """A point on a curve whose distance to the item at code 3 has hollows of its own at -3, -1 and 1."""
    return torch.cat([torch.cos(torch.pi * codes), 0.05 * codes], dim=1)


def test_a_linear_decoder_is_inverted_to_its_least_squares_solution() -> None:
    matrix = torch.randn(4, 10, generator=seeded())
    images = torch.randn(6, 10, generator=seeded(1))
    expected = torch.linalg.lstsq(matrix.T, images.T).solution.T

    found = invert(
        lambda codes, _items: codes @ matrix,
        space_of("normal", 4),
        images,
        torch.randn(2, 6, 4, generator=seeded(2)),
        InversionSettings(steps=600),
    )

    assert found.complete
    torch.testing.assert_close(found.codes, expected, atol=1e-4, rtol=0.0)
    torch.testing.assert_close(found.errors, (expected @ matrix - images).square().mean(dim=1), atol=1e-6, rtol=0.0)


def test_several_starts_find_what_one_misses() -> None:
    images = waves(torch.tensor([[3.0], [1.0]]), torch.arange(2))
    several = torch.tensor([-2.9, -0.9, 1.1, 2.9])[:, None, None].expand(4, 2, 1)

    one, best = (invert(waves, ONE, images, starts) for starts in (several[:1], several))

    torch.testing.assert_close(best.codes, torch.tensor([[3.0], [1.0]]), atol=1e-3, rtol=0.0)
    assert bool((one.errors > 1e-3).all())
    assert float(best.errors.max()) < 1e-7
    assert best.candidates.shape == (4, 2, 1)
    assert best.candidate_errors.argmin(dim=0).tolist() == [3, 2]
    torch.testing.assert_close(best.candidates[0], one.codes)


def test_the_nearest_draws_of_each_item_are_its_starts() -> None:
    images = torch.tensor([[0.0], [10.0]])
    draws = torch.tensor([4.0, 11.0, 1.0, -2.0])[:, None, None].expand(4, 2, 1)

    starts = nearest_starts(lambda codes, _items: codes, images, draws, 2)

    assert starts[:, 0, 0].tolist() == [1.0, -2.0]
    assert starts[:, 1, 0].tolist() == [11.0, 4.0]
    asked = iter([False, True])
    early = nearest_starts(lambda codes, _items: codes, images, draws, 3, stop_requested=lambda: next(asked))
    assert early[:, 0, 0].tolist() == [4.0, 11.0, 1.0]


def test_every_item_is_decoded_with_its_own_condition() -> None:
    offsets = torch.tensor([[0.0], [2.0], [-1.0]])
    images = torch.ones(3, 1)

    found = invert(lambda codes, items: codes + offsets[items], ONE, images, torch.zeros(2, 3, 1))

    torch.testing.assert_close(found.codes, images - offsets, atol=1e-4, rtol=0.0)


@pytest.mark.parametrize("stop_at", [0, 7])
def test_a_search_stopped_early_keeps_the_best_so_far(stop_at: int) -> None:
    images, starts = torch.tensor([[3.0]]), torch.tensor([2.0, 9.0])[:, None, None]
    asked: list[None] = []

    def stop_requested() -> bool:
        asked.append(None)
        return len(asked) > stop_at

    settings = InversionSettings(steps=50, learning_rate=0.01)
    found = invert(lambda codes, _: codes, ONE, images, starts, settings, stop_requested=stop_requested)

    assert not found.complete
    assert len(asked) == stop_at + 1
    assert float(found.codes) == pytest.approx(2.0 + 0.01 * stop_at, rel=0.01)
    assert float(found.errors) == pytest.approx((3.0 - float(found.codes)) ** 2, rel=1e-5)
    assert found.candidates[1].item() <= 9.0


def test_the_best_code_met_is_kept_when_the_search_gets_worse() -> None:
    # So large a first step overshoots the hollow, and two steps are not enough to come back.
    settings = InversionSettings(steps=2, learning_rate=5.0)
    found = invert(lambda codes, _: codes, ONE, torch.tensor([[0.0]]), torch.full((1, 1, 1), 0.1), settings)

    assert float(found.codes) == pytest.approx(0.1)
    assert found.complete


def test_partial_results_get_better_and_lead_to_the_result() -> None:
    images = waves(torch.tensor([[1.0]]), torch.arange(1))
    seen: list[Inversion] = []
    shares: list[float] = []

    settings = InversionSettings(steps=100)
    starts = torch.tensor([-1.5, 0.5])[:, None, None]
    found = invert(
        waves, ONE, images, starts, settings, partial=seen.append, report=lambda share, _what: shares.append(share)
    )

    errors = [float(partial.errors) for partial in seen]
    assert len(seen) >= 20
    assert errors == sorted(errors, reverse=True)
    assert not any(partial.complete for partial in seen)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    # The trail is that of the start which won, from its beginning to the code.
    assert found.trail[0, 0].tolist() == [0.5]
    assert torch.equal(found.trail[-1], found.codes)
    assert float((found.trail[1:] - found.trail[:-1]).abs().max()) < 0.5


def test_the_decoder_is_left_untouched() -> None:
    decoder = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 5))
    before = {name: value.clone() for name, value in decoder.state_dict().items()}

    found = invert(
        lambda codes, _: decoder(codes),
        space_of("normal", 3),
        torch.randn(4, 5, generator=seeded()),
        torch.randn(3, 4, 3, generator=seeded(1)),
        InversionSettings(steps=20),
    )

    assert all(parameter.grad is None and parameter.requires_grad for parameter in decoder.parameters())
    assert all(torch.equal(value, before[name]) for name, value in decoder.state_dict().items())
    assert not any(values.requires_grad for values in (found.codes, found.errors, found.candidates, found.trail))


def test_codes_stay_in_the_support_of_their_prior() -> None:
    space = LatentSpace(
        blocks=(
            LatentBlock(name="side", shape=(2,), prior="uniform"),
            LatentBlock(name="kind", shape=(3,), prior="categorical"),
            LatentBlock(name="inner", shape=(2,), prior="ball"),
        )
    )
    # Out of reach in every block: beyond the interval, outside the ball, and all categories but one.
    images = torch.tensor([[5.0, -0.25, 0.0, 0.0, 2.0, 3.0, 4.0]])
    starts = space.sample(4, generator=seeded())[:, None]
    seen: list[Tensor] = []

    def decode(codes: Tensor, _items: Tensor) -> Tensor:
        seen.append(codes.detach().clone())
        return codes

    found = invert(decode, space, images, starts)

    codes = torch.cat(seen)
    assert float(codes[:, :2].abs().max()) <= 1.0 + 1e-6
    assert set(codes[:, 2:5].flatten().tolist()) == {0.0, 1.0}
    assert bool((codes[:, 2:5].sum(dim=1) == 1.0).all())
    assert float(codes[:, 5:].norm(dim=1).max()) <= 1.0 + 1e-6
    expected = torch.tensor([[1.0, -0.25, 0.0, 0.0, 1.0, 0.6, 0.8]])
    # Beside so large an error smaller differences than these are lost in the last digit.
    torch.testing.assert_close(found.codes, expected, atol=3e-3, rtol=0.0)


def test_steps_are_as_long_as_the_prior_is_wide() -> None:
    space = space_of("empirical", 2)
    moments = (torch.tensor([100.0, 0.0]), torch.tensor([10.0, 0.1]))
    starts = moments[0].expand(1, 1, 2)
    target = torch.tensor([[110.0, 0.1]])

    settings = InversionSettings(steps=1, learning_rate=0.5)
    found = invert(lambda codes, _: codes, space, target, starts, settings, moments=moments)

    torch.testing.assert_close(found.codes, torch.tensor([[105.0, 0.05]]))


def test_what_is_no_number_is_never_the_best() -> None:
    def decode(codes: Tensor, _items: Tensor) -> Tensor:
        return torch.where(codes > 0.0, torch.nan, codes)

    found = invert(decode, ONE, torch.tensor([[-1.0]]), torch.tensor([0.5, -3.0])[:, None, None])

    assert float(found.codes) == pytest.approx(-1.0, abs=1e-3)
    assert found.candidate_errors[:, 0].tolist()[0] == float("inf")


def test_a_decoder_that_rounds_its_codes_is_refused() -> None:
    weight = torch.ones(1, requires_grad=True)
    with pytest.raises(UsageError, match="do not change smoothly"):
        invert(lambda codes, _: weight * codes.detach().round(), ONE, torch.zeros(1, 1), torch.zeros(1, 1, 1))


def test_a_decoder_without_a_slope_is_refused() -> None:
    with pytest.raises(UsageError, match="do not change smoothly"):
        invert(lambda codes, _: codes.detach().round(), ONE, torch.zeros(1, 1), torch.ones(1, 1, 1))
