"""What is written about an incident stands in its Similar tab; Enter opens it on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.domain.changes import ChangeSet
from app.services import knowledge, problems

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.services.desk import Desk
    from app.ui.main_window import MainWindow

Key = Qt.Key


def test_an_article_and_a_known_error_are_opened_from_the_similar_tab(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    made = knowledge.write(desk, "Tunnel drops on the old client", "Install client 5.")
    changes = problems.open_problem(desk, "Tunnel error 651", {"workaround": "Second gateway"})
    window.bench.bus.publish(ChangeSet(None, "", {"article": (), "problem": ()}))
    similar = window.detail.similar
    window.detail.tabs.setCurrentWidget(similar)
    texts = [similar.item(row).text() for row in range(similar.count())]
    (article,) = [row for row, text in enumerate(texts) if "Install" not in text and "KB-" in text]
    (error,) = [row for row, text in enumerate(texts) if "Known error" in text]
    assert "Shares tunnel, drops" in texts[article]
    assert "has a workaround" in texts[error]

    similar.setFocus()
    similar.setCurrentRow(error)
    qtbot.keyClick(similar, Key.Key_L)  # links incidents only
    qtbot.keyClick(similar, Key.Key_Return)
    page = window.window_commands.problems.page
    assert page.isVisible()
    assert page.current() == changes.ids["problem"][0]
    window.pages.close()
    similar.setFocus()
    similar.setCurrentRow(article)
    qtbot.keyClick(similar, Key.Key_Return)
    reader = window.window_commands.knowledge.page
    assert reader.isVisible()
    assert reader.shown is not None
    assert reader.shown.article.id == made.ids["article"][0]
