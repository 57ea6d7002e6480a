import pytest
import torch
from torch import nn

from trainers.engine.devices import available_devices, choose_device, choose_precision, is_convolutional
from trainers.errors import UsageError

CPU = torch.device("cpu")


def test_the_processor_is_always_there_and_first() -> None:
    assert available_devices()[0] == "cpu"
    assert choose_device("cpu") == CPU


def test_every_device_offered_can_be_chosen() -> None:
    for name in available_devices():
        assert str(choose_device(name)) == name


@pytest.mark.parametrize("name", ["cup", "cuda:99", "gpu"])
def test_an_unknown_device_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=rf"no device named '{name}'.*known: auto, cpu"):
        choose_device(name)


def test_the_nearest_device_is_offered() -> None:
    with pytest.raises(UsageError, match="did you mean cpu"):
        choose_device("cup")


def test_a_precision_asked_for_is_given_whatever_the_processor() -> None:
    assert choose_precision("float32", CPU, 10**9) == "float32"
    assert choose_precision("bfloat16", CPU, 1) == "bfloat16"


@pytest.mark.parametrize("native", [True, False])
def test_auto_is_bfloat16_only_for_larger_models_on_hardware_made_for_it(
    native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: native)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert choose_precision("auto", CPU, 600_000) == ("bfloat16" if native else "float32")
    assert choose_precision("auto", CPU, 20_000) == "float32"


def test_convolutions_are_found_wherever_they_are() -> None:
    assert is_convolutional(nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ConvTranspose2d(1, 1, kernel_size=2))))
    assert not is_convolutional(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
