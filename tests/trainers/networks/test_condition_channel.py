"""A condition beside an image leaves the image alone and is a sum of learned pictures."""

import torch

from trainers.networks.condition_channel import ConditionChannel, with_condition_channel


def test_the_last_channel_is_the_condition_and_the_others_the_image() -> None:
    torch.manual_seed(0)
    channel = ConditionChannel(3, 5, 9)
    images, conditions = torch.rand(4, 2, 5, 9), torch.eye(3)[[0, 1, 2, 2]]

    joined = channel(images, conditions)

    assert joined.shape == (4, *with_condition_channel((2, 5, 9)))
    assert torch.equal(joined[:, :2], images)
    assert torch.equal(joined[2, 2], joined[3, 2])
    assert not torch.equal(joined[0, 2], joined[1, 2])


def test_pictures_add_up_as_the_condition_says() -> None:
    torch.manual_seed(0)
    channel = ConditionChannel(3, 4, 4)
    nothing = torch.zeros(1, 1, 4, 4)
    first, second = (channel(nothing, torch.eye(3)[[index]])[:, 1] for index in (0, 1))

    mixed = channel(nothing, torch.tensor([[2.0, -1.0, 0.0]]))[:, 1]

    assert torch.allclose(mixed, 2.0 * first - second, atol=1e-6)
