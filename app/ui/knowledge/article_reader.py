"""Reads Markdown: formatted text in which nothing is ever fetched, neither pictures nor styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.ui import theme

if TYPE_CHECKING:
    from typing import Any

    from PySide6.QtCore import QUrl

_WEB = frozenset({"http", "https", "mailto"})
_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class ArticleReader(QTextBrowser):
    """Shows the text of an article; a link opens in the browser, and only when it is chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(theme.current().px(12))
        self.document().setIndentWidth(theme.current().px(22))
        self.anchorClicked.connect(self._on_anchor_clicked)
        self._text = ""
        self._blank = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._blank.fill(Qt.GlobalColor.transparent)
        theme.current().changed.connect(self._on_theme_changed)

    def show_markdown(self, text: str) -> None:
        """Show a text; HTML in it is shown as it is written."""
        self._text = text
        self.document().setMarkdown(text, _FEATURES)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Fetch nothing: what an article names from elsewhere would tell who reads it.

        Nothing at all would let Qt look for a file of that name, so a picture of one point stands
        for everything.
        """
        del kind, name
        return self._blank

    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme() in _WEB:
            QDesktopServices.openUrl(url)

    def _on_theme_changed(self) -> None:
        self.show_markdown(self._text)
