import pytest
import torch
from scipy import ndimage
from torch import Tensor

from trainers.data.corruption import (
    KINDS,
    MISSING,
    Corrupted,
    Corruption,
    CorruptionKind,
    CorruptionStrengths,
    blur_weights,
    blurred,
    corrupt,
    corrupt_items,
    scaled_down,
    without_pixels,
)
from trainers.errors import UsageError
from trainers.processes import SharedGenerator

EVERY: tuple[CorruptionKind, ...] = (*KINDS, "mix")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 12, shape: tuple[int, int, int] = (1, 12, 10)) -> Tensor:
    return torch.rand(count, *shape, generator=generator(9))


def grey(count: int, length: int) -> Tensor:
    return torch.full((count, 1, length, length), 0.4)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("shape", [(1, 12, 10), (3, 7, 9), (1, 1, 1)], ids=str)
def test_pictures_keep_their_size_and_range_and_are_not_the_ones_given(
    kind: CorruptionKind, shape: tuple[int, int, int]
) -> None:
    images = pictures(shape=shape)
    before = images.clone()
    result = corrupt(images, Corruption(kind=kind), generator())
    assert result.images.shape == images.shape
    assert float(result.images.min()) >= 0.0
    assert float(result.images.max()) <= 1.0
    assert torch.equal(images, before)
    assert (result.known is not None) == (kind in ("missing_rectangle", "mix"))


@pytest.mark.parametrize("kind", ["gaussian_noise", "salt_and_pepper", "missing_rectangle", "mix"])
def test_every_picture_has_a_draw_of_its_own(kind: CorruptionKind) -> None:
    images = pictures(1).expand(8, -1, -1, -1)
    result = corrupt(images, Corruption(kind=kind), generator()).images
    same = [(i, j) for i in range(8) for j in range(i) if torch.equal(result[i], result[j])]
    assert len(same) < 8
    assert torch.equal(result, corrupt(images, Corruption(kind=kind), generator()).images)
    assert not torch.equal(result, corrupt(images, Corruption(kind=kind), generator(1)).images)


def test_noise_has_its_deviation() -> None:
    noise = corrupt(grey(100, 30), Corruption(noise=0.1), generator()).images - 0.4
    assert float(noise.mean()) == pytest.approx(0.0, abs=0.001)
    assert float(noise.std()) == pytest.approx(0.1, rel=0.01)


def test_salt_and_pepper_replaces_its_share_in_all_channels_at_once() -> None:
    images = torch.full((100, 3, 30, 30), 0.4)
    result = corrupt(images, Corruption(kind="salt_and_pepper", replaced=0.3), generator()).images
    assert float((result == 1.0).float().mean()) == pytest.approx(0.15, abs=0.005)
    assert float((result == 0.0).float().mean()) == pytest.approx(0.15, abs=0.005)
    assert float((result == 0.4).float().mean()) == pytest.approx(0.7, abs=0.005)
    assert torch.equal(result[:, :1].expand_as(result), result)


def test_all_pixels_may_be_replaced_and_none() -> None:
    whole = corrupt(grey(4, 20), Corruption(kind="salt_and_pepper", replaced=1.0), generator()).images
    assert set(whole.unique().tolist()) == {0.0, 1.0}
    none = corrupt(grey(4, 20), Corruption(kind="salt_and_pepper", replaced=0.0), generator()).images
    assert torch.equal(none, grey(4, 20))


def test_a_rectangle_of_its_size_is_missing_anywhere() -> None:
    images = grey(4000, 10)
    result = corrupt(images, Corruption(kind="missing_rectangle", missing_side=0.3), generator())
    known = result.known
    assert known is not None
    assert known.shape == images.shape
    assert bool((~known).sum(dim=(1, 2, 3)).eq(9).all())
    for axis in (2, 3):
        # A rectangle: three neighbouring rows and three neighbouring columns.
        lost = (~known).any(dim=5 - axis).flatten(1)
        assert bool(lost.sum(dim=1).eq(3).all())
        first = lost.int().argmax(dim=1)
        assert bool(lost.gather(1, first[:, None] + torch.arange(3)).all())
        # Each of the eight places as often: 4.5 standard errors.
        assert float((torch.bincount(first, minlength=8) - 500.0).abs().max()) < 4.5 * (4000 * 7 / 64) ** 0.5
    assert bool(result.images[~known].eq(MISSING).all())
    assert torch.equal(result.images[known], images[known])


def test_down_scaling_shows_the_mean_of_each_block() -> None:
    images = torch.arange(16.0).view(1, 1, 4, 4) / 16.0
    result = corrupt(images, Corruption(kind="down_scaling", scale=2), generator()).images
    means = torch.tensor([[2.5, 4.5], [10.5, 12.5]]) / 16.0
    assert torch.allclose(result[0, 0], means.repeat_interleave(2, 0).repeat_interleave(2, 1))
    assert torch.allclose(scaled_down(images, 4), images.mean().view(1, 1, 1, 1))


def test_blur_weighs_as_the_bell_does() -> None:
    weights = blur_weights(1.5)
    assert float(weights.sum()) == pytest.approx(1.0)
    assert float(weights[len(weights) // 2 + 1] / weights[len(weights) // 2]) == pytest.approx(
        2.718281828 ** (-1 / 4.5)
    )
    point = torch.zeros(1, 2, 21, 21)
    point[0, 0, 10, 10] = 1.0
    spread = blurred(point, 1.5)
    assert torch.allclose(spread[0, 0, 5:16, 5:16], weights[:, None] * weights, atol=1e-7)
    assert not spread[0, 1].any()


@pytest.mark.parametrize("deviation", [0.7, 3.0])
def test_blur_sees_the_mirror_image_beyond_an_edge(deviation: float) -> None:
    images = pictures(2, (2, 7, 5))
    radius = len(blur_weights(deviation)) // 2
    expected = ndimage.gaussian_filter(images.numpy(), deviation, axes=(2, 3), mode="reflect", radius=radius)
    assert torch.allclose(blurred(images, deviation), torch.from_numpy(expected), atol=1e-6)


def test_a_blurred_picture_has_its_noise() -> None:
    corruption = Corruption(kind="gaussian_blur", blur_noise=0.05)
    noise = corrupt(grey(100, 30), corruption, generator()).images - 0.4
    assert float(noise.std()) == pytest.approx(0.05, rel=0.02)


def test_a_mix_does_each_kind_as_often_and_as_it_is_done_alone() -> None:
    images = pictures(3000)
    mixed = corrupt(images, Corruption(kind="mix"), generator())
    counts = torch.bincount(mixed.kinds, minlength=len(KINDS))
    assert float((counts - 600.0).abs().max()) < 4.5 * (3000 * 4 / 25) ** 0.5
    for number, kind in enumerate(KINDS):
        alone = corrupt(images, Corruption(kind=kind), generator())
        assert bool(alone.kinds.eq(number).all())
        chosen = mixed.kinds == number
        assert torch.equal(mixed.images[chosen], alone.images[chosen])
        assert mixed.known is not None
        assert torch.equal(
            mixed.known[chosen],
            torch.ones_like(alone.images[chosen]).bool() if alone.known is None else alone.known[chosen],
        )


@pytest.mark.parametrize("kind", EVERY)
def test_an_item_of_a_split_always_suffers_the_same(kind: CorruptionKind) -> None:
    images = pictures(150)
    corruption = Corruption(kind=kind)

    def in_parts(size: int) -> Tensor:
        parts = torch.arange(150).split(size)
        return torch.cat([corrupt_items(images[part], part, corruption, seed=5).images for part in parts])

    whole = in_parts(1000)
    assert torch.equal(in_parts(7), whole)
    chosen = torch.tensor([149, 3, 70, 3])
    assert torch.equal(corrupt_items(images[chosen], chosen, corruption, seed=5).images, whole[chosen])
    if kind in ("gaussian_noise", "salt_and_pepper", "mix"):
        again = corrupt_items(images, torch.arange(150), corruption, seed=6).images
        assert not torch.equal(again, whole)
        # Items of other blocks have other draws.
        same = torch.full_like(images, 0.4)
        drawn = corrupt_items(same, torch.arange(150), corruption, seed=5).images
        assert not torch.equal(drawn[:64], drawn[64:128])


def test_every_strength_is_in_use_by_its_own_kind_and_a_mix_uses_all() -> None:
    of_kinds = [Corruption(kind=kind).in_use() for kind in KINDS]
    assert of_kinds[KINDS.index("gaussian_noise")] == {"noise": 0.3}
    assert of_kinds[KINDS.index("gaussian_blur")] == {"blur": 1.5, "blur_noise": 0.02}
    assert sum(map(len, of_kinds)) == len(CorruptionStrengths.model_fields)
    assert set(Corruption(kind="mix").in_use()) == set(CorruptionStrengths.model_fields)


def test_half_precision_of_a_network_changes_no_picture() -> None:
    images, corruption = pictures(), Corruption(kind="mix")
    with torch.autocast("cpu", torch.bfloat16):
        half = corrupt(images, corruption, generator()).images
    assert half.dtype == torch.float32
    assert torch.equal(half, corrupt(images, corruption, generator()).images)


def test_processes_corrupt_their_parts_of_the_joint_batch() -> None:
    images, corruption = pictures(12), Corruption(kind="mix")
    whole = corrupt(images, corruption, generator(4)).images
    for process in range(2):
        shared = SharedGenerator("cpu", process, 2)
        shared.manual_seed(4)
        own = corrupt(images.chunk(2)[process], corruption, shared).images
        assert torch.equal(own, whole.chunk(2)[process])


@pytest.mark.parametrize("of_each", [False, True])
def test_a_painted_mask_takes_its_pixels_away(of_each: bool) -> None:
    images = pictures(3)
    known = torch.ones(12, 10, dtype=torch.bool)
    known[2:5, 3:4] = False
    result: Corrupted = without_pixels(images, known.expand(3, 1, 12, 10) if of_each else known)
    assert bool(result.images[:, :, ~known].eq(MISSING).all())
    assert torch.equal(result.images[:, :, known], images[:, :, known])
    assert result.known is not None
    assert torch.equal(result.known, known.expand(3, 1, 12, 10))


@pytest.mark.parametrize(
    ("values", "said"),
    [({"scale": 5}, "from 2 to 4"), ({"noise": -0.1}, "from 0 to 1"), ({"kind": "fog"}, "missing_rectangle")],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(values: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Corruption.from_values(values)
