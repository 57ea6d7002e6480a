"""What can be trained, on what and where, as the Train panel shows it."""

from dataclasses import dataclass

from explorer.state.training_values import FormField
from trainers.config import setting_fields
from trainers.data.catalogue import DATASETS, load_dataset
from trainers.engine.devices import available_devices
from trainers.engine.presets import load_preset
from trainers.models.catalogue import MODELS
from trainers.reporting import Report, StopRequested

# What needs no download and is there in a minute.
_FIRST_PRESET = "digits-embedded"


@dataclass(frozen=True)
class TrainingChoices:
    """Everything there is to choose from.

    models: (name, description). datasets: (name, description, whether it is on this machine).
    forms: the settings of every model. first: the model and the data that a form begins with.
    """

    models: tuple[tuple[str, str], ...]
    datasets: tuple[tuple[str, str, bool], ...]
    devices: tuple[str, ...]
    forms: dict[str, tuple[FormField, ...]]
    first: tuple[str, str]


def training_choices() -> TrainingChoices:
    """What the registries hold on this machine."""
    first = load_preset(_FIRST_PRESET).request()
    return TrainingChoices(
        tuple((name, _first_line(MODELS[name])) for name in MODELS),
        tuple((name, DATASETS[name].description, DATASETS[name].is_available()) for name in _embedded_first()),
        ("auto", *available_devices()),
        {name: form_fields(name) for name in MODELS},
        (first.model, first.data),
    )


def form_fields(model: str) -> tuple[FormField, ...]:
    """The settings of a model as form rows."""
    return tuple(
        FormField(
            field.name,
            field.kind,
            field.default,
            field.description,
            field.minimum,
            field.maximum,
            field.choices,
        )
        for field in setting_fields(MODELS[model].config_type)
    )


def choices_job(_report: Report, _stop_requested: StopRequested) -> TrainingChoices:
    """`training_choices` as a function for a job."""
    return training_choices()


@dataclass(frozen=True)
class DownloadJob:
    """Fetches a dataset and decodes it, as a function for a job. Raises `TrainersError`."""

    name: str

    def __call__(self, report: Report, _stop_requested: StopRequested) -> str:
        """The dataset's name."""
        load_dataset(self.name, "train", allow_download=True, report=report)
        return self.name


def _embedded_first() -> list[str]:
    return sorted(DATASETS, key=lambda name: (not DATASETS[name].embedded, name))


def _first_line(documented: object) -> str:
    return (documented.__doc__ or "").strip().partition("\n")[0]
