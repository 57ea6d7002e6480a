"""Choosing a model and data, training, and watching it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from explorer.state.training_values import Curve, FormField, TrainingStatus, TrainingWish
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.collapsible import Collapsible
from explorer.views.widgets.controls import SentenceLabel, enable, hairline, muted_label, push_button, row_label
from explorer.views.widgets.number_boxes import WholeNumberBox
from explorer.views.widgets.run_curves import RunCurves
from explorer.views.widgets.run_progress import RunProgress
from explorer.views.widgets.setting_form import SettingForm

_BUSY = ("starting", "running", "paused", "stopping")
_TRAINED_ON = "What it is trained on"
_FOREIGN = "Another process trains this run; pause or stop it there"


class TrainPanel(QWidget):
    """The form of a training run, its buttons, its progress and its loss curves.

    training_requested(TrainingWish), pause_requested(), resume_requested(), stop_requested();
    model_chosen(name), data_chosen(name), download_requested(name): the person chose or pressed.
    """

    training_requested = Signal(object)
    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    model_chosen = Signal(str)
    data_chosen = Signal(str)
    download_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_panel")
        defaults = TrainingWish("", "")
        self._status = TrainingStatus()
        self._models: dict[str, str] = {}
        self._datasets: dict[str, tuple[str, bool]] = {}
        self._own_data: dict[str, tuple[str, bool]] = {}
        self._downloading = ""
        self._form_model = ""
        self._waiting: tuple[str, tuple[tuple[str, str], ...]] | None = None
        self._model = ChoiceBox("Model", "What is trained")
        self._model_text = muted_label(wraps=True)
        self._data = ChoiceBox("Data", _TRAINED_ON)
        self._data_text = muted_label(wraps=True)
        self._download = push_button("Download", "", icon_name="download")
        self._form = SettingForm()
        self._epochs = _whole(1, 100_000, defaults.epochs, "Epochs", "How often the training goes over all the data")
        self._batch = _whole(1, 65_536, defaults.batch_size, "Batch size", "Images per training step")
        self._seed = _whole(0, 2_147_483_647, defaults.seed, "Seed", "The same seed gives the same run")
        self._device = ChoiceBox("Device", "Where the network is trained; auto takes the fastest")
        self._held_out = QLineEdit(placeholderText="none")
        self._held_out.setAccessibleName("Without class")
        self._held_out.setToolTip("Name or number of a class kept out of training, to see whether it stands out later")
        self._start = push_button("Train", "", is_primary=True)
        self._pause = push_button("Pause", "", icon_name="pause")
        self._stop = push_button("Stop", "", icon_name="stop")
        self._progress = RunProgress()
        self._error = SentenceLabel(is_error=True)
        self._curves = RunCurves()
        self._lay_out()
        self._connect()
        self.show_devices(("auto",))
        self.show_curves(())
        self.show_status(TrainingStatus())

    def show_models(self, names: tuple[str, ...], descriptions: tuple[str, ...]) -> None:
        """Show which models can be trained, with a sentence about each; the chosen one stays chosen."""
        self._models = dict(zip(names, descriptions, strict=True))
        self._model.set_choices(names)
        self._describe()

    def show_datasets(self, datasets: tuple[tuple[str, str, bool], ...]) -> None:
        """Show data as (name, description, whether it is on this machine); the chosen one stays chosen."""
        known = {name: (description, available) for name, description, available in datasets}
        self._datasets = {**known, **self._own_data}
        self._data.set_choices(self._datasets)
        self._describe()

    def offer_own_data(self, path: str, description: str) -> None:
        """Offer the person's own data beside the others, and choose them."""
        self._own_data[path] = (description, True)
        self._datasets[path] = (description, True)
        self._data.set_choices(self._datasets)
        self._data.setCurrentText(path)
        self._describe()

    def show_downloading(self, name: str) -> None:
        """Say which data are being fetched; an empty name when none are any more."""
        self._downloading = name
        self._describe()

    def show_form(self, model: str, fields: tuple[FormField, ...]) -> None:
        """Show the settings of a model, at their defaults."""
        self._form_model = model
        self._form.show_fields(fields)
        QWidget.setTabOrder(self._form.follow(self._settings.heading), self._more.heading)
        if self._waiting is not None and self._waiting[0] == model:
            self._form.set_values(self._waiting[1])
        self._waiting = None
        self._describe()

    def show_devices(self, names: tuple[str, ...]) -> None:
        """Show where a network can be trained."""
        self._device.set_choices(names)

    def show_status(self, status: TrainingStatus) -> None:
        """Show where the run stands; a failure's sentence appears in place."""
        self._status = status
        self._progress.show_status(status)
        self._progress.setVisible(status.phase != "idle")
        is_paused = status.phase == "paused"
        self._pause.setText("Resume" if is_paused else "Pause")
        if status.phase == "failed":
            self.show_error(status.message)
        elif status.phase in _BUSY:
            self.show_error("")
        self._describe()

    def show_curves(self, curves: tuple[Curve, ...]) -> None:
        """Show loss curves over steps; those not given are taken away."""
        self._curves.show_curves(curves)

    def mark_step(self, step: int) -> None:
        """Draw a line in the curves at the step that the rest of the window shows; -1 for none."""
        self._curves.mark_step(step)

    def show_error(self, text: str) -> None:
        """Say in place what went wrong; an empty text takes the sentence away."""
        self._error.show_sentence(text)
        self._error.setVisible(bool(text))

    def select(self, model: str, data: str, settings: tuple[tuple[str, str], ...] = ()) -> None:
        """Choose model, data and settings, as texts like those of a wish; announces nothing.

        Settings of a model whose form is not shown yet are kept until it is.
        """
        self._model.setCurrentText(model)
        self._data.setCurrentText(data)
        if model == self._form_model:
            self._form.set_values(settings)
        else:
            self._waiting = (model, settings)
        self._describe()

    def wish(self) -> TrainingWish:
        """What the form says now."""
        return TrainingWish(
            model=self._model.currentText(),
            data=self._data.currentText(),
            settings=self._form.values(),
            epochs=self._epochs.value(),
            batch_size=self._batch.value(),
            seed=self._seed.value(),
            device=self._device.currentText(),
            hold_out_class=self._held_out.text().strip(),
        )

    def form(self) -> SettingForm:
        """The generated form."""
        return self._form

    def _describe(self) -> None:
        name = self._data.currentText()
        description, available = self._datasets.get(name, ("", True))
        self._model_text.setText(self._models.get(self._model.currentText(), ""))
        self._data_text.setText(description)
        self._data.setToolTip(f"{_TRAINED_ON}: {name}" if name in self._own_data else _TRAINED_ON)
        for label in (self._model_text, self._data_text):
            label.setVisible(bool(label.text()))
        self._download.setVisible(not available)
        self._download.setText(f"Download {name}")
        waiting = f"{self._downloading} is being downloaded" if self._downloading else ""
        enable(self._download, f"Fetch {name} from its publisher; it is not on this machine yet", waiting)
        self._enable(name, available)

    def _enable(self, data: str, available: bool) -> None:
        phase = self._status.phase
        blocked = ""
        if phase in _BUSY and self._status.is_own:
            blocked = "A run is training; stop it first"
        elif not self._model.currentText() or not data:
            blocked = "Choose a model and data first"
        elif not available:
            blocked = f"Download {data} first"
        enable(self._start, "Train a new model in the background", blocked or self._form.problem())
        foreign = _FOREIGN if phase in _BUSY and not self._status.is_own else ""
        can_pause = phase in ("running", "paused")
        pause_tip = "Go on training" if phase == "paused" else "Pause; nothing is lost"
        enable(self._pause, pause_tip, foreign or ("" if can_pause else "No run is training"))
        can_stop = phase in ("starting", "running", "paused")
        no_stop = "The run is stopping already" if phase == "stopping" else "No run is training"
        enable(self._stop, "Save and stop; the run can be resumed later", foreign or ("" if can_stop else no_stop))

    def _lay_out(self) -> None:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(120)
        scroll.setWidget(self._setup())
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self._start, stretch=2)
        buttons.addWidget(self._pause, stretch=1)
        buttons.addWidget(self._stop, stretch=1)
        below = QVBoxLayout()
        below.setContentsMargins(8, 8, 8, 8)
        below.setSpacing(8)
        below.addLayout(buttons)
        below.addWidget(self._error)
        below.addWidget(self._progress)
        below.addWidget(self._curves)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, stretch=1)
        layout.addWidget(hairline())
        layout.addLayout(below)

    def _setup(self) -> QWidget:
        choices = QFormLayout()
        choices.setHorizontalSpacing(8)
        choices.setVerticalSpacing(4)
        choices.addRow(row_label("Model", self._model), self._model)
        choices.addRow(self._model_text)
        choices.addRow(row_label("Data", self._data), self._data)
        choices.addRow(self._data_text)
        choices.addRow(self._download)
        choices.addRow(row_label("Epochs", self._epochs), self._epochs)
        more = QWidget()
        rows = QFormLayout(more)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(8)
        editors = (self._batch, self._seed, self._device, self._held_out)
        for text, editor in zip(("Batch size", "Seed", "Device", "Without class"), editors, strict=True):
            rows.addRow(row_label(text, editor), editor)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(choices)
        self._settings = Collapsible("Settings of the model", self._form, is_open=True)
        self._more = Collapsible("More", more, is_open=False)
        layout.addWidget(self._settings)
        layout.addWidget(self._more)
        layout.addStretch()
        return content

    def _connect(self) -> None:
        self._model.activated.connect(self._choose_model)
        self._data.activated.connect(self._choose_data)
        self._download.clicked.connect(lambda: self.download_requested.emit(self._data.currentText()))
        self._form.edited.connect(self._describe)
        self._start.clicked.connect(lambda: self.training_requested.emit(self.wish()))
        self._pause.clicked.connect(self._pause_or_resume)
        self._stop.clicked.connect(self.stop_requested)

    def _choose_model(self) -> None:
        self._describe()
        self.model_chosen.emit(self._model.currentText())

    def _choose_data(self) -> None:
        self._describe()
        self.data_chosen.emit(self._data.currentText())

    def _pause_or_resume(self) -> None:
        if self._status.phase == "paused":
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()


def _whole(lowest: int, highest: int, value: int, name: str, tooltip: str) -> WholeNumberBox:
    box = WholeNumberBox(lowest, highest)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(f"{tooltip}, from {lowest} to {highest}")
    return box
