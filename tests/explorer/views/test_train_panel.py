"""The Train panel: its form, its buttons in every phase, progress, curves, failures."""

import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from pyqtgraph import PlotItem, PlotWidget
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QMenu, QProgressBar

from explorer.state.training_values import Curve, FormField, TrainingStatus, TrainingWish
from explorer.views.theme import DARK, LIGHT, Palette, apply_theme
from explorer.views.train_panel import TrainPanel
from explorer.views.widgets.controls import SentenceLabel
from explorer.views.widgets.curve_plot import CurvePlot
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox
from explorer.views.widgets.run_progress import RunProgress, duration_text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Pixels, Press

_FIELDS = (
    FormField("latent_size", "integer", 2, "Length of the code", 1, 4096),
    FormField("beta", "number", 1.0, "Weight of the KL term", 0, 1000),
    FormField("network", "choice", "dense", "Kind of network", choices=("dense", "convolutional")),
    FormField("tied", "switch", False, "Share weights"),
    FormField("hidden", "numbers", (512, 256), "Widths"),
    FormField("note", "text", None, "A word"),
)


@pytest.fixture
def panel(qtbot: "QtBot") -> TrainPanel:
    view = TrainPanel()
    qtbot.addWidget(view)
    view.resize(280, 800)
    view.show_models(("autoencoder", "vae"), ("Plain", "Variational"))
    view.show_datasets((("digits", "Small digits", True), ("mnist", "Digits", True), ("cifar10", "Photographs", False)))
    view.show_devices(("auto", "cpu"))
    view.show_form("autoencoder", _FIELDS)
    view.show()
    return view


def _texts(panel: TrainPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def _type(box: WholeNumberBox | NumberBox | QLineEdit, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_an_untouched_form_wishes_no_settings(panel: TrainPanel, press: "Press", qtbot: "QtBot") -> None:
    with qtbot.waitSignal(panel.training_requested) as asked:
        press(panel, "Train")
    assert asked.args == [TrainingWish("autoencoder", "digits")]


def test_only_changed_settings_are_wished(panel: TrainPanel, press: "Press", choose: "Choose", qtbot: "QtBot") -> None:
    form = panel.form()
    size, beta = form.control("latent_size").editor, form.control("beta").editor
    tied, hidden = form.control("tied").editor, form.control("hidden").editor
    assert isinstance(size, WholeNumberBox)
    assert isinstance(beta, NumberBox)
    assert isinstance(tied, QCheckBox)
    assert isinstance(hidden, QLineEdit)
    _type(size, "16")
    _type(beta, "0.005")
    choose(panel, "network", "convolutional")
    QTest.mouseClick(tied, Qt.MouseButton.LeftButton, pos=tied.rect().center() - tied.rect().center() / 1.2)
    tied.setFocus()
    if not tied.isChecked():
        QTest.keyClick(tied, Qt.Key.Key_Space)
    _type(hidden, "64, 32")
    choose(panel, "Data", "mnist")
    with qtbot.waitSignal(panel.training_requested) as asked:
        press(panel, "Train")
    assert asked.args == [
        TrainingWish(
            "autoencoder",
            "mnist",
            (
                ("latent_size", "16"),
                ("beta", "0.005"),
                ("network", "convolutional"),
                ("tied", "true"),
                ("hidden", "[64, 32]"),
            ),
        )
    ]


def test_a_class_that_is_named_is_held_out(panel: TrainPanel) -> None:
    assert panel.wish().hold_out_class == ""
    held_out = next(editor for editor in panel.findChildren(QLineEdit) if editor.accessibleName() == "Without class")
    _type(held_out, " ankle boot ")
    assert panel.wish().hold_out_class == "ankle boot"


def test_numbers_cannot_leave_their_range(panel: TrainPanel) -> None:
    size = panel.form().control("latent_size").editor
    assert isinstance(size, WholeNumberBox)
    _type(size, "99999")
    assert 1 <= size.value() <= 4096
    _type(size, "0")
    assert 1 <= size.value() <= 4096


def test_a_wrong_list_says_so_in_place_and_blocks_the_button(panel: TrainPanel, press: "Press") -> None:
    hidden = panel.form().control("hidden").editor
    assert isinstance(hidden, QLineEdit)
    _type(hidden, "64, x")
    assert not press.button(panel, "Train").isEnabled()
    assert "hidden must be whole numbers" in press.button(panel, "Train").toolTip()
    assert "hidden must be whole numbers" in hidden.toolTip()
    _type(hidden, "64, 8")
    assert press.button(panel, "Train").isEnabled()


def test_choosing_model_and_data_is_announced_and_described(panel: TrainPanel, choose: "Choose") -> None:
    told: list[str] = []
    panel.model_chosen.connect(told.append)
    panel.data_chosen.connect(told.append)
    choose(panel, "Model", "vae")
    choose(panel, "Data", "mnist")
    assert told == ["vae", "mnist"]
    assert "Variational" in _texts(panel)
    assert "Digits" in _texts(panel)


def test_data_that_are_not_here_can_be_downloaded_in_place(
    panel: TrainPanel, press: "Press", choose: "Choose", qtbot: "QtBot"
) -> None:
    choose(panel, "Data", "cifar10")
    assert press.button(panel, "Train").toolTip() == "Download cifar10 first"
    with qtbot.waitSignal(panel.download_requested) as asked:
        press(panel, "Download cifar10")
    assert asked.args == ["cifar10"]
    panel.show_datasets((("cifar10", "Photographs", True),))
    assert press.button(panel, "Train").isEnabled()


def test_own_data_are_chosen_and_stay_among_the_others(panel: TrainPanel, press: "Press", choose: "Choose") -> None:
    panel.offer_own_data("/home/me/pictures", "pictures: 40 images")
    assert panel.wish().data == "/home/me/pictures"
    assert "pictures: 40 images" in _texts(panel)
    assert press.button(panel, "Train").isEnabled()
    panel.show_datasets((("digits", "Small digits", True),))
    assert panel.wish().data == "/home/me/pictures"
    choose(panel, "Data", "digits")
    assert "pictures: 40 images" not in _texts(panel)


def test_one_download_at_a_time(panel: TrainPanel, press: "Press", choose: "Choose") -> None:
    choose(panel, "Data", "cifar10")
    panel.show_downloading("kmnist")
    assert not press.button(panel, "Download cifar10").isEnabled()
    assert press.button(panel, "Download cifar10").toolTip() == "kmnist is being downloaded"
    panel.show_downloading("")
    assert press.button(panel, "Download cifar10").isEnabled()


def test_selecting_announces_nothing_and_waits_for_the_form(panel: TrainPanel) -> None:
    told: list[str] = []
    panel.model_chosen.connect(told.append)
    panel.data_chosen.connect(told.append)
    panel.select("vae", "mnist", (("beta", "4.0"), ("hidden", "[8]")))
    assert panel.wish().settings == ()
    panel.show_form("vae", _FIELDS)
    assert panel.wish() == TrainingWish("vae", "mnist", (("beta", "4.0"), ("hidden", "[8]")))
    panel.select("vae", "digits")
    assert panel.wish() == TrainingWish("vae", "digits")
    assert told == []


@pytest.mark.parametrize(
    ("phase", "enabled"),
    [
        ("idle", (True, False, False)),
        ("starting", (False, False, True)),
        ("running", (False, True, True)),
        ("paused", (False, True, True)),
        ("stopping", (False, False, False)),
        ("finished", (True, False, False)),
        ("failed", (True, False, False)),
    ],
)
def test_buttons_follow_the_phase(
    panel: TrainPanel, press: "Press", phase: str, enabled: tuple[bool, bool, bool]
) -> None:
    panel.show_status(TrainingStatus(phase=phase))  # type: ignore[arg-type]
    names = ("Train", "Resume" if phase == "paused" else "Pause", "Stop")
    buttons = [press.button(panel, name) for name in names]
    assert tuple(button.isEnabled() for button in buttons) == enabled
    assert all(button.toolTip() for button in buttons)


@pytest.mark.parametrize("phase", ["starting", "running", "paused"])
def test_a_run_of_another_process_takes_no_commands_and_leaves_room_for_an_own_one(
    panel: TrainPanel, press: "Press", phase: str
) -> None:
    panel.show_status(TrainingStatus(phase=phase, is_own=False))  # type: ignore[arg-type]
    for name in ("Resume" if phase == "paused" else "Pause", "Stop"):
        assert not press.button(panel, name).isEnabled()
        assert "Another process" in press.button(panel, name).toolTip()
    assert press.button(panel, "Train").isEnabled()
    assert any(text.endswith("elsewhere") for text in _texts(panel))


def test_pause_resume_and_stop_are_announced(panel: TrainPanel, press: "Press", qtbot: "QtBot") -> None:
    panel.show_status(TrainingStatus("running"))
    with qtbot.waitSignals([panel.pause_requested, panel.stop_requested]):
        press(panel, "Pause")
        press(panel, "Stop")
    panel.show_status(TrainingStatus("paused"))
    with qtbot.waitSignal(panel.resume_requested), qtbot.assertNotEmitted(panel.pause_requested):
        press(panel, "Resume")


def test_progress_has_units(panel: TrainPanel) -> None:
    panel.show_status(TrainingStatus("running", "r", 250, 1000, 2.5, 10, 21480.4, 130.2))
    progress = panel.findChild(RunProgress)
    assert isinstance(progress, RunProgress)
    assert progress.text() == "Training · epoch 2.5 of 10 · 2 min 10 s left · 21,480 images/s"
    bar = panel.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.value() / bar.maximum() == 0.25


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.6, "1 min 0 s"), (130, "2 min 10 s"), (7322, "2 h 2 min")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_a_failure_is_a_sentence_in_place_until_the_next_run(panel: TrainPanel) -> None:
    sentence = "The loss is no longer a number; lower the learning rate."
    panel.show_status(TrainingStatus("failed", message=sentence))
    assert sentence in _texts(panel)
    panel.show_status(TrainingStatus("starting"))
    assert sentence not in _texts(panel)
    panel.show_error("There is no such data.")
    assert "There is no such data." in _texts(panel)


def test_a_long_path_in_a_sentence_does_not_widen_the_panel(panel: TrainPanel) -> None:
    before = panel.minimumSizeHint().width()
    sentence = f"channels = {'9' * 300} is not allowed in /home/{'someone/' * 20}{'runs' * 30}."
    panel.show_error(sentence)
    assert panel.minimumSizeHint().width() == before
    label = next(label for label in panel.findChildren(SentenceLabel) if label.isVisible())
    assert label.sentence() == label.toolTip() == sentence
    assert label.text().replace("\u200b", "") == sentence


def test_curves_come_and_go(panel: TrainPanel) -> None:
    plot = panel.findChild(CurvePlot)
    assert isinstance(plot, CurvePlot)
    assert not plot.isVisible()
    panel.show_curves((Curve("loss", (0.0, 10.0), (5.0, 4.0)), Curve("kl", (0.0,), (1.0,))))
    assert plot.isVisible()
    assert plot.shown() == {"loss": ((0.0, 10.0), (5.0, 4.0)), "kl": ((0.0,), (1.0,))}
    panel.show_curves((Curve("loss", (0.0, 10.0, 20.0), (5.0, 4.0, 3.0)),))
    assert plot.shown() == {"loss": ((0.0, 10.0, 20.0), (5.0, 4.0, 3.0))}


def _plot(panel: TrainPanel) -> CurvePlot:
    plot = panel.findChild(CurvePlot)
    assert isinstance(plot, CurvePlot)
    return plot


def test_curves_of_a_game_are_shown_one_quantity_at_a_time(panel: TrainPanel, choose: "Choose") -> None:
    steps = (0.0, 10.0)
    names = ("critic/loss", "critic/score_real", "critic/score_fake", "critic/accuracy", "generator/loss")
    curves = tuple(Curve(name, steps, (float(place), 1.0)) for place, name in enumerate(names))
    panel.show_curves(curves)
    assert list(_plot(panel).shown()) == ["critic/loss", "generator/loss"]
    choose(panel, "Curves", "Critic's scores")
    assert list(_plot(panel).shown()) == ["critic/score_real", "critic/score_fake"]
    assert _plot_item(panel).getAxis("left").labelText == "score"
    low, high = _plot(panel).visible_values()
    assert 0.5 < low < 1.0
    assert 2.0 < high < 2.5
    panel.show_curves(curves)
    assert list(_plot(panel).shown()) == ["critic/score_real", "critic/score_fake"]
    panel.show_curves((Curve("loss", steps, (1.0, 2.0)),))
    assert not choose.box(panel, "Curves").isVisible()
    assert list(_plot(panel).shown()) == ["loss"]


def _plot_item(panel: TrainPanel) -> PlotItem:
    widget = panel.findChild(PlotWidget)
    assert isinstance(widget, PlotWidget)
    return widget.getPlotItem()


def test_the_first_steps_do_not_flatten_the_rest_until_everything_is_asked_for(panel: TrainPanel) -> None:
    steps = tuple(float(step) for step in range(200))
    falling = tuple(100.0 + 900.0 * 0.7**step for step in steps)
    panel.show_curves((Curve("loss", steps, falling), Curve("kl", steps, tuple(0.1 * step for step in steps))))
    low, high = _plot(panel).visible_values()
    assert low < 3.0
    assert 100.0 < high < 130.0
    _plot_item(panel).autoBtnClicked()
    panel.show_curves((Curve("loss", steps, falling),))
    QApplication.processEvents()
    assert _plot(panel).visible_values()[1] > 900.0


def test_a_moved_plot_stays_until_the_next_run(panel: TrainPanel) -> None:
    curve = Curve("loss", (0.0, 1.0), (1.0, 2.0))
    panel.show_curves((curve,))
    view = _plot_item(panel).getViewBox()
    view.setYRange(5.0, 6.0, padding=0)
    view.sigRangeChangedManually.emit(view.state["mouseEnabled"])
    panel.show_curves((curve,))
    assert _plot(panel).visible_values() == (5.0, 6.0)
    panel.show_curves(())
    panel.show_curves((curve,))
    assert _plot(panel).visible_values() == pytest.approx((0.94, 2.04), abs=0.05)


def test_a_curve_on_another_is_dashed_and_named(panel: TrainPanel) -> None:
    values = (5.0, 4.0, 3.0)
    steps = (0.0, 1.0, 2.0)
    panel.show_curves(
        (Curve("loss", steps, values), Curve("kl", steps, (1.0, 1.0, 1.0)), Curve("negative_bound", steps, values))
    )
    entries = _plot(panel).legend().split(" &nbsp; ")
    assert ["╍" in entry for entry in entries] == [False, False, True]
    assert "negative&nbsp;bound" in entries[2]
    panel.show_curves((Curve("loss", steps, values), Curve("negative_bound", steps, (5.0, 4.0, 9.0))))
    assert "╍" not in _plot(panel).legend()


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_curves_differ_from_each_other_and_the_ground(panel: TrainPanel, palette: Palette, qapp: QApplication) -> None:
    names = ("loss", "reconstruction", "kl", "negative_bound")
    panel.show_curves(tuple(Curve(name, (0.0,), (float(place),)) for place, name in enumerate(names)))
    apply_theme(qapp, "dark" if palette.is_dark else "light")
    QApplication.processEvents()
    colours = [QColor(name) for name in re.findall(r"color: (#\w+)", _plot(panel).legend())]
    assert len(colours) == 4
    for one, other in combinations([*colours, QColor(palette.window)], 2):
        channels = zip((one.red(), one.green(), one.blue()), (other.red(), other.green(), other.blue()), strict=True)
        assert sum(abs(a - b) for a, b in channels) > 100


def test_only_what_belongs_to_the_plot_is_seen_on_it(panel: TrainPanel) -> None:
    panel.show_curves((Curve("loss", (0.0, 10.0), (5.0, 4.0)),))
    assert not [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]


def test_a_line_in_the_curves_says_which_step_is_shown(qtbot: "QtBot", pixels: "Pixels") -> None:
    plot = CurvePlot("step", "value")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.show_curves([("loss", tuple(range(100)), tuple(range(100)))])
    bare, shown = pixels(plot), plot.shown()
    plot.mark_step(40)
    assert plot.marked_step() == 40
    assert (pixels(plot) != bare).any()
    assert plot.shown() == shown
    plot.mark_step(-1)
    assert plot.marked_step() == -1
    assert (pixels(plot) == bare).all()
