"""What stands in place of the list when it is empty or cannot be read (ux.md 2.1, table)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTime, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import icons, reader_time, theme

if TYPE_CHECKING:
    from collections.abc import Callable

FINISHED_WORDS = ("is:open", "status:open")


def with_finished(text: str) -> str:
    """Return a filter without the words that leave ended incidents out."""
    words = [word for word in text.split(" ") if word.casefold() not in FINISHED_WORDS]
    return " ".join(words)


class QueueState(QWidget):
    """One sentence, and the ways on as links."""

    sample_requested = Signal()
    filter_cleared = Signal()
    finished_too_requested = Signal()
    next_view_requested = Signal()
    try_again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self._failing_since: QTime | None = None
        self.setMinimumWidth(theme.current().px(160))
        self._mark = QLabel(self)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = QLabel(self)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.sample = self._link(self.tr("Add sample data"), self.sample_requested.emit)
        self.clear = self._link(self.tr("Clear filter"), self.filter_cleared.emit)
        self.finished = self._link("", self.finished_too_requested.emit)
        self.next = self._link("", self.next_view_requested.emit)
        self.again = self._link(self.tr("Try again"), self.try_again_requested.emit)
        self.copy = self._link(self.tr("Copy details"), self._copy)
        links = QHBoxLayout()
        links.addStretch(1)
        for each in self._links():
            links.addWidget(each)
        links.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._mark)
        layout.addWidget(self.text)
        layout.addLayout(links)
        layout.addStretch(3)

    def show_first_run(self) -> None:
        """Invite to log the first incident."""
        text = self.tr("Nothing here yet. Type what is wrong in the bar above, press Enter.")
        self._show("inbox", text, self.sample)

    def show_empty(self, view: str, next_view: str) -> None:
        """Say that a view holds nothing, and name the next one that does."""
        self.next.setText(self.tr("Go to {0}").format(next_view))
        shown = (self.next,) if next_view else ()
        self._show(
            "circle-check",
            self.tr(
                "Nothing in \N{LEFT DOUBLE QUOTATION MARK}{0}\N{RIGHT DOUBLE QUOTATION MARK}."
            ).format(view),
            *shown,
        )

    def show_no_match(self, filter_text: str, finished: int) -> None:
        """Say that nothing matches, and how many ended incidents would."""
        self.finished.setText(self.tr("Search closed ones too (%n)", "", finished))
        shown = (self.clear, self.finished) if finished else (self.clear,)
        text = self.tr(
            "No incident matches \N{LEFT DOUBLE QUOTATION MARK}{0}\N{RIGHT DOUBLE QUOTATION MARK}."
        ).format(filter_text[:200])
        self._show("search", text, *shown)

    def show_error(self, sentence: str, details: str) -> None:
        """Say what is wrong and since when; the rest of the window goes on working."""
        if self._failing_since is None:
            self._failing_since = reader_time.now().time()
        since = QLocale().toString(self._failing_since, QLocale.FormatType.ShortFormat)
        now = QDateTime.currentDateTimeUtc().toString(Qt.DateFormat.ISODate)
        self._details = f"{details}\n{now}"
        text = self.tr("{0}\nSince {1}.").format(sentence, since)
        self._show("triangle-alert", text, self.again, self.copy)

    def end_error(self) -> None:
        """Forget since when the list could not be read: it is here again."""
        self._failing_since = None

    def _show(self, icon: str, text: str, *links: QPushButton) -> None:
        now = theme.current()
        self._mark.setPixmap(icons.pixmap(icon, now.tokens.text3, now.px(32)))
        self.text.setText(text)
        for each in self._links():
            each.setVisible(each in links)

    def _links(self) -> tuple[QPushButton, ...]:
        return (self.sample, self.clear, self.finished, self.next, self.again, self.copy)

    def _link(self, title: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(title, self)
        button.setProperty("kind", "link")
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
