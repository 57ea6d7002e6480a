import pytest

from trainers.data.catalogue import DATASETS
from trainers.data.data_spec import DataSpec
from trainers.engine.presets import load_preset, preset_names
from trainers.errors import UsageError
from trainers.models.catalogue import MODELS

SPECS = {
    spec.name: spec
    for spec in (
        DataSpec(name="mnist", shape=(1, 28, 28), class_names=tuple("0123456789"), binarisation="dynamic"),
        DataSpec(name="digits", shape=(1, 8, 8), class_names=tuple("0123456789"), binarisation="dynamic"),
        DataSpec(name="faces", shape=(3, 64, 64), binarisation="dynamic"),
        DataSpec(name="smiles.zip", shape=(1, 64, 64), class_names=("not_smiling", "smiling")),
        DataSpec(name="moons", kind="points", shape=(2,), class_names=("upper", "lower")),
    )
}


def test_the_promised_presets_are_there() -> None:
    promised = {"digits", "latent-both", "latent-reconstruction-only", "latent-kl-only", "digits-embedded", "faces"}
    assert promised <= set(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_preset_is_a_request_whose_model_fits_its_data(name: str) -> None:
    preset = load_preset(name)
    request = preset.request()
    assert preset.description
    # One preset is for data that a person has to put in place.
    assert request.data in {*DATASETS, "smiles.zip"}
    spec = SPECS[request.data]
    model_type = MODELS[request.model]
    config = model_type.config_type.from_values(request.model_settings)
    model = model_type(config.resolved(spec), spec)
    if model.needs_binary_data:
        assert request.binarisation in {"auto", "static", "dynamic"}


def test_the_three_latent_spaces_differ_in_what_is_trained_alone() -> None:
    terms = {}
    for name in ("latent-both", "latent-reconstruction-only", "latent-kl-only"):
        settings = dict(load_preset(name).request().model_settings)
        terms[name] = settings.pop("objective_terms")
        assert settings == {"latent_size": 2, "likelihood": "bernoulli"}
    assert terms == {
        "latent-both": "both",
        "latent-reconstruction-only": "reconstruction_only",
        "latent-kl-only": "kl_only",
    }


def test_unknown_preset_offers_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no preset named 'digit'; did you mean digits"):
        load_preset("digit")


@pytest.mark.parametrize("name", ["../digits", "", "digits.toml"])
def test_a_path_is_no_preset(name: str) -> None:
    with pytest.raises(UsageError, match="no preset named"):
        load_preset(name)
