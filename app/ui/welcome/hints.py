"""Three hints, each shown once when it first helps; Esc or its button takes one away (ux.md 7).

Which were seen is a setting, so that a reset shows them again. GUI thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.ui import icons

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

SEEN = "hints.seen"
QUICK_LOG, LETTERS, PALETTE = "quick_log", "letters", "palette"


class HintBar(QFrame):
    """One sentence above the list, with a button that takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._mark = QToolButton(self)
        self._mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        icons.bind(self._mark, "info", "info")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.close_ = QToolButton(self)
        icons.bind(self.close_, "x")
        self.close_.setAccessibleName(self.tr("Hide this hint"))
        self.close_.setToolTip(self.tr("Hide this hint (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_)
        self.close_.clicked.connect(self.hide)
        self.hide()


class Hints(QObject):
    """Waits for the moments at which the hints of one window help."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.bar = HintBar(window)
        window.queue.insert_bar(self.bar)
        self.bar.installEventFilter(self)
        window.queue.tree.installEventFilter(self)
        window.quick_log.logged.connect(self._on_logged)
        window.sidebar.menu_requested.connect(self._on_menu_requested)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Esc act while a hint is shown; offer one when the list is first gone to."""
        kind, application = event.type(), QApplication.instance()
        if watched is self.bar and application is not None:
            if kind == QEvent.Type.Show:
                application.installEventFilter(
                    self
                )  # Esc comes before the field that has the focus
            elif kind == QEvent.Type.Hide:
                application.removeEventFilter(self)
        elif watched is self._window.queue.tree and kind == QEvent.Type.FocusIn:
            if self._window.queue.total():
                self._offer_letters()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            here = isinstance(watched, QWidget) and watched.window() is self._window
            if here and self.bar.isVisible() and event.key() == Qt.Key.Key_Escape:
                self.bar.hide()
                return True
        return super().eventFilter(watched, event)

    def _offer_letters(self) -> None:
        if self._window.settings["keys.single_letters"]:
            words = self.tr(
                "In the list one letter is a command: A assigns, R resolves, M writes a note. "
                "{0} shows them all."
            )
            self._offer(LETTERS, words.format(self._window.actions_.keys_text("help.keys")))

    def _on_logged(self, _changes: object) -> None:
        self._offer(
            QUICK_LOG,
            self.tr(
                "The line takes more: @nina says who called, !high sets the priority, "
                "#printer the category."
            ),
        )

    def _on_menu_requested(self) -> None:
        words = self.tr("{0} finds every command, incident and person by its name.")
        self._offer(PALETTE, words.format(self._window.actions_.keys_text("app.palette")))

    def _offer(self, key: str, words: str) -> None:
        """Show a hint unless it was seen, or another one stands there."""
        seen = self._window.settings[SEEN]
        if key in seen or self.bar.isVisible():
            return
        self._window.settings.choose(SEEN, {**seen, key: "seen"})
        self.bar.text.setText(words)
        self.bar.show()
        self._window.toast.announcer.say(words)
