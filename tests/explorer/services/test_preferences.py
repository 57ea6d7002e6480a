"""Preferences: what is remembered from one start to the next."""

from pathlib import Path

from explorer.services.preferences import Preferences


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Preferences(tmp_path)
    first.theme = "dark"
    first.keeps_training = True
    first.layout = b"\x00layout\xff"
    first.remember_opened("/a")
    first.save()
    second = Preferences(tmp_path)
    assert (second.theme, second.keeps_training, second.layout, second.opened) == (
        "dark",
        True,
        b"\x00layout\xff",
        ("/a",),
    )


def test_a_fresh_start_has_quiet_defaults(tmp_path: Path) -> None:
    fresh = Preferences(tmp_path)
    assert (fresh.theme, fresh.keeps_training, fresh.layout, fresh.opened) == ("system", False, b"", ())


def test_the_newest_opened_comes_first_and_the_list_is_bounded(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path)
    for number in range(30):
        preferences.remember_opened(f"/{number}")
    preferences.remember_opened("/25")
    preferences.save()
    assert preferences.opened[:3] == ("/25", "/29", "/28")
    assert len(preferences.opened) == 20


def test_a_damaged_file_is_a_fresh_start(tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_bytes(b"\xff\x00[[[[theme=7\nlayout")
    assert Preferences(tmp_path).theme == "system"
