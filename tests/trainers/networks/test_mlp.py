"""Fully connected networks and the bias of their pictures."""

import torch
from torch import nn

from trainers.networks.mlp import mlp_decoder, mlp_encoder
from trainers.networks.pixel_bias import PixelBias


def test_hidden_layers_are_those_asked_for() -> None:
    widths = [layer.out_features for layer in mlp_encoder(784, (400, 30), 4) if isinstance(layer, nn.Linear)]

    assert widths == [400, 30, 4]


def test_no_hidden_layers_make_a_linear_network() -> None:
    decoder = mlp_decoder(2, (), (1, 3, 3))
    codes = torch.randn(3, 2, generator=torch.Generator().manual_seed(0))

    combined = decoder(codes[:1] + codes[1:2]) - decoder(codes[1:2])

    assert torch.allclose(combined, decoder(codes[:1]), atol=1e-6)


def test_pictures_have_the_shape_asked_for() -> None:
    assert mlp_decoder(5, (7,), (3, 4, 6))(torch.zeros(2, 5)).shape == (2, 3, 4, 6)


def test_a_bias_set_to_an_image_is_added_to_every_picture() -> None:
    bias = PixelBias((1, 2, 2))
    image = torch.arange(4.0).reshape(1, 2, 2)
    bias.set_to(image)

    assert torch.equal(bias(torch.ones(3, 1, 2, 2)), (image + 1.0).expand(3, 1, 2, 2))
    assert bias.bias.requires_grad
