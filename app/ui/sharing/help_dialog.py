"""A page to read: what is safe about sharing and what is not, or what is new."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from app.system import assets
from app.ui import theme

_SIZE = (640, 640)
PAGE = ("help", "how-sharing-works.md")
NEWS_PAGE = ("help", "what-is-new.md")


class SharingHelp(QDialog):
    """Shows the page; Esc closes it."""

    name = PAGE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.headline())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = theme.current()
        now.fit(self, *_SIZE)
        self.page = QTextBrowser(self)
        self.page.setAccessibleName(self.windowTitle())
        self.page.setMarkdown(assets.asset_path(*self.name).read_text("utf-8"))
        self.page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        close = QPushButton(self.tr("&Close"), self)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self.page, 1)
        layout.addLayout(foot)

    def headline(self) -> str:
        """Return what the page is about."""
        return self.tr("How sharing works")


class ReleaseNotes(SharingHelp):
    """Shows what each version brought."""

    name = NEWS_PAGE

    def headline(self) -> str:
        """Return what the page is about."""
        return self.tr("What is new")
