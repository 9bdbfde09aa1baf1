"""The page of knowledge in the main window, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument

from app.services import browsing, drafts, knowledge, moves
from app.ui.asking.name_question import NameQuestion
from app.ui.knowledge.article_editor import NEW
from app.ui.knowledge.article_reader import ArticleReader
from tests.services.conftest import SOLVED
from tests.ui.accessible_walk import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.knowledge import Article
    from app.services.desk import Desk
    from app.ui.knowledge.knowledge_page import KnowledgePage
    from app.ui.main_window import MainWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def go_there(qtbot: QtBot, window: MainWindow) -> KnowledgePage:
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_G)
    qtbot.keyClick(window.queue.tree, Key.Key_K)
    page = window.window_commands.knowledge.page
    assert page.isVisible()
    return page


def an_article(desk: Desk, name: str = "Clean the rollers", text: str = "*Wipe* them.") -> Article:
    knowledge.write(desk, name, text)
    return knowledge.find(desk, name)


def test_g_k_opens_it_and_y_and_n_count_trials(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    an_article(desk)
    page = go_there(qtbot, window)
    assert page.reader.toPlainText().strip() == "Wipe them."
    qtbot.keyClick(page.list, Key.Key_Y)
    qtbot.keyClick(page.list, Key.Key_Y)
    qtbot.keyClick(page.list, Key.Key_N)
    article = knowledge.find(desk, "Clean the rollers")
    assert (article.worked, article.did_not) == (2, 1)
    assert "worked 2, did not 1" in page.about.text()
    window.actions_.run("edit.undo")
    assert "worked 2, did not 0" in page.about.text()


def test_letters_of_trials_do_nothing_in_the_list_of_incidents(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    an_article(desk)
    page = go_there(qtbot, window)
    qtbot.keyClick(page.list, Key.Key_Escape)
    assert window.queue.tree.hasFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_Y)
    assert knowledge.find(desk, "Clean the rollers").worked == 0


def test_articles_are_found_as_one_types(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    an_article(desk)
    an_article(desk, "VPN drops", "Switch off IPv6")
    page = go_there(qtbot, window)
    assert page.list.count() == 2
    qtbot.keyClick(page.list, Key.Key_Slash)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, "ipv")
    assert page.list.count() == 1
    assert page.name.text() == "VPN drops"
    qtbot.keyClicks(page.search, "zzz")
    assert page.list.count() == 0
    assert page.nothing.isVisible()


def test_a_new_article_survives_as_a_draft_and_is_saved(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    page = go_there(qtbot, window)
    window.actions_.run("tools.new_article")
    assert page.editor.title.hasFocus()
    qtbot.keyClicks(page.editor.title, "Jams")
    page.editor.text.setFocus()
    qtbot.keyClicks(page.editor.text, "**Wipe**")
    assert page.editor.preview.toPlainText().strip() == "Wipe"
    qtbot.waitUntil(lambda: drafts.find(desk, NEW) is not None)
    qtbot.keyClick(page.editor.text, Key.Key_Escape)
    assert page.list.hasFocus()
    assert page.go_on.isVisible()
    page.go_on.setFocus()
    qtbot.keyClick(page.go_on, Key.Key_Space)
    assert page.editor.text.toPlainText() == "**Wipe**"
    qtbot.keyClick(page.editor.title, Key.Key_Return, CTRL)
    assert knowledge.find(desk, "Jams").text == "**Wipe**"
    assert drafts.find(desk, NEW) is None
    assert page.article.isVisible()
    assert not page.go_on.isVisible()


def test_a_refusal_stands_under_the_text(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    page = go_there(qtbot, window)
    page.write_new()
    qtbot.keyClicks(page.editor.title, "Jams")
    qtbot.keyClick(page.editor.title, Key.Key_Return, CTRL)
    assert "empty" in page.editor.error.text()
    assert page.editor.text.hasFocus()
    assert page.editor.title.text() == "Jams"
    assert knowledge.every(desk) == []


def test_an_edit_is_a_new_version(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    article = an_article(desk)
    page = go_there(qtbot, window)
    page.edit.setFocus()
    qtbot.keyClick(page.edit, Key.Key_Space)
    page.editor.text.setFocus()
    qtbot.keyClick(page.editor.text, Key.Key_End, CTRL)
    qtbot.keyClicks(page.editor.text, " Twice.")
    qtbot.keyClick(page.editor.text, Key.Key_Return, CTRL)
    found = knowledge.details(desk, article.id)
    assert [one.text for one in found.versions] == ["*Wipe* them. Twice.", "*Wipe* them."]
    assert "version 2" in page.about.text()


def test_a_resolution_becomes_an_article_in_two_keys(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    (chosen,) = window.chosen()
    moves.resolve(desk, [chosen.id], SOLVED, take_up=True)
    window.queue.tree.setFocus()
    qtbot.keyClick(window.queue.tree, Key.Key_K, SHIFT)
    page = window.window_commands.knowledge.page
    assert page.editor.isVisible()
    assert page.editor.title.text() == chosen.title
    qtbot.keyClick(page.editor.title, Key.Key_Return, CTRL)
    article = knowledge.find(desk, chosen.title)
    assert "**Solution**: Turned it on" in article.text
    (used_by,) = knowledge.details(desk, article.id).used_by
    assert used_by.number == chosen.number
    qtbot.keyClick(page.view, Key.Key_Return)
    assert window.pages.page.isVisible()


def test_an_article_is_used_by_its_code(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    article = an_article(desk)
    (chosen,) = window.chosen()
    assert window.actions_.run("incident.article")
    form = window.findChild(NameQuestion)
    assert form is not None
    qtbot.keyClicks(form.line, article.code)
    qtbot.keyClick(form.line, Key.Key_Return)
    assert browsing.incident(desk, chosen.id).workaround == f"{article.code} Clean the rollers"
    assert knowledge.search(desk)[0].used == 1


@pytest.mark.parametrize("picture", ["http://example.org/x.png", "file:///etc/hostname", "x.png"])
def test_nothing_is_fetched_for_an_article(qtbot: QtBot, theme: object, picture: str) -> None:
    reader = ArticleReader("Article")
    qtbot.addWidget(reader)
    reader.show_markdown(f"![x]({picture})\n\n<img src='{picture}'> and <b>text</b>")
    reader.resize(400, 300)
    reader.show()
    kind = QTextDocument.ResourceType.ImageResource.value
    found = reader.document().resource(kind, QUrl(picture))
    assert (found.width(), found.height()) == (1, 1)
    assert "<b>text</b>" in reader.toPlainText()


def test_everything_has_a_name(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    an_article(desk)
    page = go_there(qtbot, window)
    assert faults(window) == []
    page.write_new()
    assert faults(window) == []
