import pytest
import torch

from trainers.metrics.codebook_usage import perplexity


@pytest.mark.parametrize("entries", [1, 2, 512])
def test_perplexity_of_uniform_use_is_the_number_of_entries(entries: int) -> None:
    assert perplexity(torch.full((entries,), 7)) == pytest.approx(entries)


def test_perplexity_of_one_entry_is_one() -> None:
    assert perplexity(torch.tensor([0, 0, 900, 0])) == 1.0


def test_perplexity_of_known_frequencies() -> None:
    """Entropy ½ ln 2 + 2 · ¼ ln 4 = 1.5 ln 2."""
    assert perplexity(torch.tensor([2, 1, 1, 0])) == pytest.approx(2.0**1.5)
