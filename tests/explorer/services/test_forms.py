"""Forms: every setting of a model becomes a row that knows its range."""

from explorer.services.forms import form_fields, training_choices
from trainers.data.catalogue import DATASETS
from trainers.models.catalogue import MODELS


def test_rows_know_kind_default_and_range() -> None:
    rows = {row.name: row for row in form_fields("vae")}
    assert tuple(rows) == tuple(MODELS["vae"].config_type.model_fields)
    size = rows["latent_size"]
    assert (size.kind, size.default, size.minimum, size.maximum) == ("integer", 2, 1, 4096)
    assert rows["architecture"].choices == ("convolutional", "mlp")
    assert all(row.description for row in rows.values())


def test_choices_begin_with_what_needs_no_download() -> None:
    choices = training_choices()
    embedded = {name for name in DATASETS if DATASETS[name].embedded}
    assert {"digits", "faces", "moons"} <= embedded
    assert {name for name, _, _ in choices.datasets[: len(embedded)]} == embedded
    assert all(available for _, _, available in choices.datasets[: len(embedded)])
    assert choices.devices[:2] == ("auto", "cpu")
    assert set(choices.forms) == {name for name, _ in choices.models} == set(MODELS)
