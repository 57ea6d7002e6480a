import os

import pytest

from trainers.data.catalogue import load_dataset
from trainers.data.description import describe


@pytest.mark.real_data
def test_mnist_is_mnist() -> None:
    train, test = load_dataset("mnist", "train"), load_dataset("mnist", "test")
    assert (len(train), len(test)) == (60_000, 10_000)
    assert train.mean_image().mean().item() == pytest.approx(0.13066, abs=1e-4)
    assert train.labels is not None
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert train.labels.bincount().tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


@pytest.mark.real_data("smiles.zip")
def test_smiles_are_imported() -> None:
    description = describe(os.path.join(os.environ["LATENT_EXPLORER_DATA"], "smiles.zip"))
    assert description.spec.shape == (1, 64, 64)
    assert description.spec.class_names == ("not_smiling", "smiling")
    assert description.train.count + description.test.count == 13_165
    assert description.train.class_counts["smiling"] + description.test.class_counts["smiling"] == 3_690
    assert description.problems == ()
