"""Classifiers trained from the window."""

import multiprocessing

import pytest

from explorer.services import classifiers
from explorer.services.classifiers import ClassifierJob, trainable_classifier
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.engine.classifier_training import classifier_available
from trainers.errors import FailureError, StoppedError
from trainers.reporting import never, no_report


def _run_at_once(job: ClassifierJob) -> list[object]:
    here, there = multiprocessing.Pipe(duplex=False)
    classifiers.train_and_tell(job, there)
    there.close()
    told = []
    while here.poll():
        try:
            told.append(here.recv())
        except EOFError:
            break
    here.close()
    return told


def test_only_pictures_of_several_classes_have_a_classifier_to_train() -> None:
    digits = load_dataset("digits", "train").spec
    assert trainable_classifier(digits) == ClassifierJob("digits", digits.fingerprint)
    assert trainable_classifier(load_dataset("moons", "train").spec) is None
    assert trainable_classifier(DataSpec(name="some", shape=(1, 8, 8))) is None
    assert trainable_classifier(DataSpec(name="tiny", shape=(1, 4, 4), class_names=("a", "b"))) is None


def test_a_stop_ends_the_process_and_leaves_nothing_behind() -> None:
    spec = load_dataset("digits", "train").spec
    before = classifier_available(spec)
    with pytest.raises(StoppedError):
        ClassifierJob("digits", spec.fingerprint)(no_report, lambda: True)
    assert classifier_available(spec) == before
    assert multiprocessing.active_children() == []


def test_other_data_under_the_same_name_are_refused() -> None:
    with pytest.raises(FailureError, match="not what this model learned from"):
        ClassifierJob("digits", "of other digits")(no_report, never)


def test_progress_and_the_end_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def train(_name: str, report: "object") -> None:
        assert callable(report)
        report(0.5, "epoch 1 of 2")

    monkeypatch.setattr(classifiers, "train_classifier", train)
    monkeypatch.setattr(classifiers, "now_and_then", lambda report: report)
    digits = load_dataset("digits", "train").spec
    assert _run_at_once(ClassifierJob("digits", digits.fingerprint)) == [(0.5, "epoch 1 of 2"), None]


def test_a_process_that_dies_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = multiprocessing.Pipe(duplex=False)
    there.close()
    with pytest.raises(FailureError, match="broke off"):
        classifiers._follow(here, no_report, never)
    here.close()
