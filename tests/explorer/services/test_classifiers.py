"""Classifiers trained from the window."""

import pytest

from explorer.services.classifiers import ClassifierJob, trainable_classifier
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.engine.classifier_training import classifier_available
from trainers.errors import StoppedError, UsageError
from trainers.reporting import never, no_report


def test_only_pictures_of_several_classes_have_a_classifier_to_train() -> None:
    digits = load_dataset("digits", "train").spec
    assert trainable_classifier(digits) == ClassifierJob("digits", digits.fingerprint)
    assert trainable_classifier(load_dataset("moons", "train").spec) is None
    assert trainable_classifier(DataSpec(name="some", shape=(1, 8, 8))) is None
    assert trainable_classifier(DataSpec(name="tiny", shape=(1, 4, 4), class_names=("a", "b"))) is None


def test_a_stop_leaves_nothing_behind() -> None:
    spec = load_dataset("digits", "train").spec
    before = classifier_available(spec)
    with pytest.raises(StoppedError):
        ClassifierJob("digits", spec.fingerprint)(no_report, lambda: True)
    assert classifier_available(spec) == before


def test_other_data_under_the_same_name_are_refused() -> None:
    with pytest.raises(UsageError, match="not what this model learned from"):
        ClassifierJob("digits", "of other digits")(no_report, never)
