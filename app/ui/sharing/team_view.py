"""How sharing stands: the place, who is in the team, what waits, and what people are told of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import icons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.standing import Present


class TeamView(QWidget):
    """Shows the document of `services.sharing.status`."""

    admit_requested = Signal(str)
    """The code of a station that waits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setProperty("kind", "dialog_title")
        self.place = QLabel(self)
        self.place.setWordWrap(True)
        self.place.setProperty("tone", "quiet")
        self.place.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._stations = QGridLayout()
        self._stations.setHorizontalSpacing(16)
        self._stations.setVerticalSpacing(6)
        self._stations.setColumnStretch(0, 1)
        self._health = QVBoxLayout()
        self._health.setSpacing(6)
        self._parts: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.state)
        layout.addWidget(self.place)
        layout.addLayout(self._stations)
        layout.addLayout(self._health)
        layout.addStretch(1)

    def show_status(
        self,
        told: Mapping[str, Any],
        sentence: str,
        place: str,
        present: Iterable[Present] = (),
    ) -> None:
        """Show who shares, who of them is here now, and what is to be known."""
        here = {one.station.hex() for one in present}
        self.state.setText(sentence)
        self.place.setText(place)
        while self._parts:
            part = self._parts.pop()
            part.hide()
            part.deleteLater()
        for row, station in enumerate(told["stations"]):
            self._show_station(row, station, here=station["station"] in here)
        for note in told["health"]:
            self._say("info", "info", str(note["text"]))
        for one in told["quarantine"]:
            words = self.tr("Not taken: {0} ({1}).").format(one["place"], one["reason"])
            self._say("triangle-alert", "warn", words)

    def notes(self) -> list[str]:
        """Return what is told below the stations."""
        return [part.text() for part in self._parts if isinstance(part, QLabel) and part.wordWrap()]

    def _show_station(self, row: int, station: Mapping[str, Any], *, here: bool) -> None:
        name = str(station["name"] or station["number_code"])
        words = self.tr("{0} (this one)").format(name) if station["own"] else name
        words = self.tr("{0}, here now").format(words) if here else words
        code = QLabel(self.tr("Code {0}").format(station["code"]), self)
        code.setProperty("tone", "quiet")
        code.setToolTip(self.tr("Compare it by phone before you admit a workstation."))
        entries = QLabel(self.tr("{0} entries").format(f"{station['entries']:,}"), self)
        entries.setProperty("tone", "quiet")
        for column, part in enumerate((QLabel(words, self), code, entries)):
            self._stations.addWidget(part, row, column)
            self._parts.append(part)
        if not station["approved"]:
            admit = QPushButton(self.tr("Admit"), self)
            admit.setAccessibleName(self.tr("Admit {0}").format(name))
            admit.clicked.connect(partial(self._admit, str(station["code"])))
            self._stations.addWidget(admit, row, 3)
            self._parts.append(admit)

    def _admit(self, code: str, _checked: bool = False) -> None:
        self.admit_requested.emit(code)

    def _say(self, icon: str, tone: str, words: str) -> None:
        line = QFrame(self)
        line.setProperty("kind", "card")
        inner = QGridLayout(line)
        inner.setContentsMargins(10, 8, 10, 8)
        mark = QLabel(line)
        mark.setPixmap(icons.icon(icon, tone).pixmap(16, 16))
        said = QLabel(words, line)
        said.setWordWrap(True)
        said.setTextFormat(Qt.TextFormat.PlainText)
        inner.addWidget(mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        inner.addWidget(said, 0, 1)
        inner.setColumnStretch(1, 1)
        self._health.addWidget(line)
        self._parts.append(line)
