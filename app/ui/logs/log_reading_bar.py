"""How a log is read: encoding and times, guessed and changeable, and the log beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from app.services.log_viewing import ENCODINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.incident_record import Attachment
    from app.services.log_viewing import OpenLog

_DAY_MIN = 1_440
_NARROW = 18


class LogReadingBar(QWidget):
    """A row of choices; each has a label with a key of its own."""

    encoding_chosen = Signal(str)
    times_chosen = Signal(str)
    second_chosen = Signal(object)
    """The file to put beside, None for none."""
    later_chosen = Signal(int)

    def __init__(self, log: OpenLog, others: Sequence[Attachment], parent: QWidget) -> None:
        super().__init__(parent)
        self.encoding = QComboBox(self)
        self.times = QComboBox(self)
        self.second = QComboBox(self)
        self.later = QSpinBox(self)
        self.later.setRange(-_DAY_MIN, _DAY_MIN)
        self.later.setSingleStep(30)
        self.later.setSuffix(self.tr(" min"))
        self.later.setEnabled(False)
        self.second.addItem(self.tr("No other log"), None)
        for file in others:
            self.second.addItem(file.name, file)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for words, field in (
            (self.tr("&Encoding"), self.encoding),
            (self.tr("&Times"), self.times),
            (self.tr("&Beside it, by time"), self.second),
            (self.tr("&Its times plus"), self.later),
        ):
            label = QLabel(words, self)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            if isinstance(field, QComboBox):
                field.setMinimumContentsLength(_NARROW if field is not self.encoding else 8)
                field.setSizeAdjustPolicy(
                    QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
                )
            layout.addWidget(label)
            layout.addWidget(field, int(field is self.times))
        self.show_log(log)
        self.encoding.activated.connect(self._on_encoding)
        self.times.activated.connect(self._on_times)
        self.second.activated.connect(self._on_second)
        self.later.valueChanged.connect(self.later_chosen)

    def show_log(self, log: OpenLog) -> None:
        """Show how a log is read."""
        self.encoding.clear()
        self.encoding.setEnabled(not log.is_event_log)
        for name in dict.fromkeys((*(() if log.is_event_log else ENCODINGS), log.encoding)):
            guessed = log.is_guess and name == log.encoding
            self.encoding.addItem(self.tr("{0} (guessed)").format(name) if guessed else name, name)
        self.encoding.setCurrentIndex(self.encoding.findData(log.encoding))
        self.times.clear()
        for name in (*(one.name for one in log.formats), self.tr("no times")):
            self.times.addItem(name)
        at = self.times.findText(log.time_format)
        self.times.setCurrentIndex(at if at >= 0 else self.times.count() - 1)
        self.times.setToolTip(self.times.currentText())

    def end_second(self) -> None:
        """Show that no other log is beside."""
        self.second.setCurrentIndex(0)
        self.later.setEnabled(False)

    def _on_encoding(self, at: int) -> None:
        self.encoding_chosen.emit(self.encoding.itemData(at))

    def _on_times(self, at: int) -> None:
        self.times_chosen.emit(self.times.itemText(at))

    def _on_second(self, at: int) -> None:
        self.later.setEnabled(at > 0)
        self.second_chosen.emit(self.second.itemData(at))
