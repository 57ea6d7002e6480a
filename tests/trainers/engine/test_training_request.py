from pathlib import Path

import pytest
import torch
from PIL import Image

from trainers.engine.training_request import TrainingRequest, resolve_request
from trainers.errors import UsageError

SMALL = {"architecture": "mlp", "hidden_sizes": [16]}


def request(**values: object) -> TrainingRequest:
    values = {"model": "vae", "data": "digits", "device": "cpu", "model_settings": SMALL, **values}
    return TrainingRequest.from_values(values)


def test_nothing_is_left_open() -> None:
    resolved = resolve_request(request(device="auto"))
    assert resolved.request.device == str(resolved.device)
    assert resolved.request.precision == resolved.precision == "float32"
    assert resolved.request.binarisation == "dynamic"
    settings = resolved.request.model_settings
    assert settings["latent_size"] == 2
    assert "auto" not in settings.values()
    assert resolved.model.config == type(resolved.model).config_type.from_values(settings)


def test_a_resolved_request_resolves_to_itself() -> None:
    resolved = resolve_request(request())
    assert resolve_request(resolved.request).request == resolved.request


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"model": "vea"}, "no model named 'vea'; did you mean vae"),
        ({"data": "digit"}, "no dataset named 'digit'; did you mean digits"),
        ({"model_settings": {"latent_siz": 2}}, "no setting named 'latent_siz'; did you mean latent_size"),
        ({"model_settings": {"latent_size": 0}}, "latent_size = 0 is not allowed: .*from 1"),
        ({"device": "cuda:77"}, "no device named 'cuda:77'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_exist_is_named_with_the_nearest(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        resolve_request(request(**values))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [("epochs", 0, "at least 1|from 1"), ("batch_size", 0, "from 1"), ("precision", "float16", "float32, bfloat16")],
)
def test_a_value_out_of_range_is_named_with_the_range(name: str, value: object, allowed: str) -> None:
    with pytest.raises(UsageError, match=f"{name} = {value} is not allowed: .*({allowed})"):
        request(**{name: value})


def test_auto_binarises_only_for_a_model_that_needs_it() -> None:
    grey = request(model_settings={**SMALL, "likelihood": "grey_cross_entropy"})
    assert resolve_request(grey).request.binarisation == "none"
    assert resolve_request(request(model="autoencoder")).request.binarisation == "none"
    assert resolve_request(request()).model.data_spec.binarisation == "dynamic"


@pytest.mark.parametrize("binarisation", ["static", "dynamic"])
def test_binarisation_can_be_chosen(binarisation: str) -> None:
    assert resolve_request(request(binarisation=binarisation)).model.data_spec.binarisation == binarisation


def test_grey_images_are_refused_where_a_model_needs_binary_ones() -> None:
    with pytest.raises(UsageError, match=r"needs images of zeros and ones.*choose dynamic or static"):
        resolve_request(request(binarisation="none"))


def test_the_seed_decides_the_weights_and_the_process_keeps_its_random_state() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, again, other = (resolve_request(request(seed=seed)).model.state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.rand(3), expected)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_larger_models_are_trained_in_bfloat16_where_that_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    settings = {"architecture": "convolutional", "channels": [32, 64, 64]}
    assert resolve_request(request(model_settings=settings)).precision == "bfloat16"
    assert resolve_request(request(model_settings=settings, precision="float32")).precision == "float32"
    assert resolve_request(request()).precision == "float32"


def test_data_of_ones_own_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pictures").mkdir()
    for place in range(4):
        Image.new("L", (8, 8), 60 * place).save(tmp_path / "pictures" / f"{place}.png")
    monkeypatch.chdir(tmp_path)
    assert resolve_request(request(data="pictures")).request.data == str(tmp_path / "pictures")


@pytest.mark.parametrize(
    ("model", "settings"), [("gan", {}), ("wgan_gp", {}), ("ladder_vae", {"latent_sizes": [2], "hidden_sizes": [8]})]
)
def test_normalisation_over_a_batch_needs_more_than_one_item(model: str, settings: dict[str, object]) -> None:
    small = settings or {"channels": [4], "dense_size": 8}
    for choices in ({"batch_size": 1}, {"batch_size": 2, "devices": 2}):
        with pytest.raises(UsageError, match=r"at least 2 items of a step in each process, and there is 1"):
            resolve_request(request(model=model, model_settings=small, **choices))
    unnormalised = {**small, "batch_normalisation": False}
    assert resolve_request(request(model=model, model_settings=unnormalised, batch_size=1)).request.batch_size == 1


@pytest.mark.parametrize(
    ("batch_size", "devices", "fitting"), [(32, 3, "such as 30"), (4, 8, "such as 8"), (1, 2, "such as 2")]
)
def test_a_batch_that_processes_cannot_share_is_refused(batch_size: int, devices: int, fitting: str) -> None:
    with pytest.raises(UsageError, match=f"multiple of {devices}, {fitting}, or other devices"):
        resolve_request(request(batch_size=batch_size, devices=devices))


def test_attributes_with_missing_numbers_are_refused_by_a_model_that_is_told_them_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(20):
        Image.new("L", (8, 8), 10 * number).save(folder / f"{number}.png")
    rows = "".join(f"{number}.png,{number if number % 3 else ''},1\n" for number in range(20))
    (folder / "attributes.csv").write_text("file,age,hat\n" + rows)
    assert resolve_request(request(data=str(folder))).dataset.spec.attribute_names == ("age", "hat")
    with pytest.raises(UsageError, match=r"\d of these \d+ items have no number for age; fill in"):
        resolve_request(request(model="conditional_vae", data=str(folder)))
    (folder / "attributes.csv").write_text("file,age,hat\n" + rows.replace(",,", ",0,"))
    resolve_request(request(model="conditional_vae", data=str(folder)))
