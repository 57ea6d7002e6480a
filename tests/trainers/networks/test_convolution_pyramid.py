"""Pyramids for every size of image."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from trainers.networks.convolution import convolution_decoder, convolution_encoder, level_sizes
from trainers.networks.sub_pixel_convolution import SubPixelConvolution


def test_digits_are_halved_to_four_pixels() -> None:
    assert level_sizes(28, 28, 3) == ((28, 28), (14, 14), (7, 7), (4, 4))


def test_short_axes_are_halved_no_further() -> None:
    assert level_sizes(4, 9, 3) == ((4, 9), (4, 5), (4, 3), (4, 3))


@settings(deadline=None, max_examples=40)
@given(
    height=st.integers(4, 40),
    width=st.integers(4, 40),
    colours=st.sampled_from([1, 3]),
    channels=st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_the_decoder_mirrors_the_encoder_for_every_size(
    height: int, width: int, colours: int, channels: list[int]
) -> None:
    shape = (colours, height, width)
    encoder = convolution_encoder(shape, channels, dense_size=6, outputs=5)
    decoder = convolution_decoder(5, 6, channels, shape)

    features = next(layer for layer in encoder if isinstance(layer, nn.Linear)).in_features
    unflattened = next(layer for layer in decoder if isinstance(layer, nn.Unflatten)).unflattened_size

    assert decoder(encoder(torch.zeros(2, *shape))).shape == (2, *shape)
    assert features == torch.Size(unflattened).numel()


@pytest.mark.parametrize(("smaller", "larger"), [((4, 4), (7, 8)), ((4, 5), (4, 9)), ((3, 3), (3, 3))])
def test_enlarging_has_no_checkerboard_at_first(smaller: tuple[int, int], larger: tuple[int, int]) -> None:
    layer = SubPixelConvolution(6, 3, smaller=smaller, larger=larger)

    pictures = layer(torch.ones(1, 6, *smaller))

    # Away from the border every pixel of an even picture must come out the same.
    inside = pictures[:, :, 1:-1, 1:-1]
    assert pictures.shape == (1, 3, *larger)
    assert torch.allclose(inside, inside[:, :, :1, :1].expand_as(inside), atol=1e-5)


def test_enlarging_by_two_is_a_transposed_convolution_with_a_kernel_of_four() -> None:
    layer = SubPixelConvolution(3, 2, smaller=(5, 4), larger=(10, 8))
    weight = torch.randn(8, 3, 2, 2, generator=torch.Generator().manual_seed(0))
    layer.convolution.weight.data.copy_(weight)
    transposed = nn.ConvTranspose2d(3, 2, kernel_size=4, stride=2, padding=1, bias=False)
    # Old pixel i feeds new pixels 2i - 1 … 2i + 2; the shuffle spreads flipped pairs of taps over them.
    taps = weight.view(2, 2, 2, 3, 2, 2).flip(4, 5).permute(3, 2, 4, 0, 5, 1).reshape(3, 2, 4, 4)
    transposed.weight.data.copy_(taps)
    pictures = torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(1))

    assert torch.allclose(layer(pictures), transposed(pictures), atol=1e-5)


def test_activations_keep_their_size_through_the_layers() -> None:
    torch.manual_seed(0)
    shape = (1, 28, 28)
    pixels = convolution_decoder(2, 128, (32, 64, 64), shape)(torch.randn(256, 2))
    outputs = convolution_encoder(shape, (32, 64, 64), 128, 4)(torch.rand(256, *shape).round())

    assert 0.2 < float(pixels.detach().std()) < 5.0
    assert 0.1 < float(outputs.detach().std()) < 5.0
