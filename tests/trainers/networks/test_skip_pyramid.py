import pytest
import torch

from trainers.networks.skip_pyramid import SkipDecoder, SkipEncoder

CHANNELS = (3, 4, 5)


def pyramid(shape: tuple[int, int, int], skips: set[int]) -> tuple[SkipEncoder, SkipDecoder]:
    torch.manual_seed(0)
    return SkipEncoder(shape, CHANNELS, 6, 2), SkipDecoder(2, 6, CHANNELS, shape, skips)


def images(shape: tuple[int, int, int], count: int = 4) -> torch.Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 28, 28), (1, 5, 9), (2, 3, 1)], ids=str)
def test_pictures_of_any_size_go_in_and_come_out(shape: tuple[int, int, int]) -> None:
    encoder, decoder = pyramid(shape, {0, 1, 2})
    features = encoder.features(images(shape))
    codes = encoder.codes(features)
    assert [level.shape[1] for level in features] == list(CHANNELS)
    assert codes.shape == (4, 2)
    assert torch.equal(codes, encoder(images(shape)))
    assert decoder(codes, features).shape == (4, *shape)
    assert decoder(codes).shape == (4, *shape)


@pytest.mark.parametrize("skips", [set(), {0}, {1, 2}, {0, 1, 2}], ids=str)
def test_pixels_depend_on_the_features_of_the_skips_alone(skips: set[int]) -> None:
    shape = (1, 8, 8)
    encoder, decoder = pyramid(shape, skips)
    features = [level.detach().requires_grad_() for level in encoder.features(images(shape))]
    codes = torch.zeros(4, 2, requires_grad=True)
    wanted = [codes, *features]
    gradients = torch.autograd.grad(decoder(codes, features).sum(), wanted, allow_unused=True)
    used = {level for level, gradient in enumerate(gradients[1:]) if gradient is not None and bool(gradient.any())}
    assert used == skips
    assert gradients[0] is not None


def test_features_of_zeros_say_as_much_as_none() -> None:
    shape = (1, 8, 8)
    encoder, decoder = pyramid(shape, {0, 1, 2})
    features = encoder.features(images(shape))
    codes = encoder.codes(features)
    without = decoder(codes, [torch.zeros_like(level) for level in features])
    assert torch.allclose(without, decoder(codes), atol=1e-6)
    assert not torch.allclose(decoder(codes, features), decoder(codes), atol=1e-3)
