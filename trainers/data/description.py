"""What there is to say about a dataset, for people and programs."""

from pydantic import Field

from trainers.config import Config
from trainers.data.catalogue import dataset_source
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.data.import_report import FileProblem
from trainers.reporting import Report, no_report


class SplitDescription(Config):
    """The size of a split, and of each class in it."""

    count: int = Field(ge=0, description="items")
    class_counts: dict[str, int] = Field(default_factory=dict, description="items of each class; empty without labels")


class DataDescription(Config):
    """A dataset and what became of its files; attribute names are in the spec."""

    spec: DataSpec = Field(description="names and shapes")
    train: SplitDescription = Field(description="the training split")
    test: SplitDescription = Field(description="the test split")
    problems: tuple[FileProblem, ...] = Field(default=(), description="files that were not used, or only in part")


def describe(name_or_path: str, report: Report = no_report) -> DataDescription:
    """Describe a registered dataset or a person's own data; raises what `load_dataset` raises."""
    source = dataset_source(name_or_path)
    train, test = source.open("train", report), source.open("test", report)
    return DataDescription(
        spec=train.dataset.spec,
        train=_split_description(train.dataset),
        test=_split_description(test.dataset),
        problems=train.report.problems,
    )


def _split_description(dataset: ImageDataset) -> SplitDescription:
    names = dataset.spec.class_names
    counts = [] if dataset.labels is None else dataset.labels.bincount(minlength=len(names)).tolist()
    return SplitDescription(count=len(dataset), class_counts=dict(zip(names, counts, strict=False)))
