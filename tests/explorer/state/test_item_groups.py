"""Groups of items as short text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.state.item_groups import packed, unpacked


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_a_mask_comes_back_as_it_was(members: list[bool]) -> None:
    assert unpacked(packed(np.array(members)), len(members)).tolist() == members


def test_of_fewer_items_the_first_are_kept_and_of_more_the_rest_is_out() -> None:
    text = packed(np.array([True, False, True, True]))
    assert unpacked(text, 3).tolist() == [True, False, True]
    assert unpacked(text, 10).tolist() == [True, False, True, True] + [False] * 6


def test_a_million_members_stay_far_below_what_a_session_file_may_have() -> None:
    members = np.random.default_rng(0).random(1_000_000) < 0.5
    assert len(packed(members)) < 200_000


@pytest.mark.parametrize("text", ["", "nonsense", "c$@Pm", "ä", "!" * 50])
def test_text_that_means_nothing_has_no_members(text: str) -> None:
    assert not unpacked(text, 5).any()
