"""Knowledge over a real store: versions, uses and trials are facts of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError, NotFoundError
from app.services import browsing, knowledge, moves, quick_logging, undoing
from app.storage import rebuild
from tests.services.conftest import SOLVED

if TYPE_CHECKING:
    from app.domain.knowledge import Article
    from app.services.desk import Desk


def written(desk: Desk, name: str = "Clean the rollers", text: str = "Wipe them.") -> Article:
    knowledge.write(desk, name, text, category="hardware/printer")
    return knowledge.find(desk, name)


def test_each_version_is_kept_with_its_author(desk: Desk) -> None:
    article = written(desk)
    assert article.author == "Ana Ruiz"
    knowledge.change(desk.acting_as("Jon Park"), article.id, article.name, "Wipe them twice.")
    found = knowledge.details(desk, article.id)
    assert [(one.text, one.author) for one in found.versions] == [
        ("Wipe them twice.", "Jon Park"),
        ("Wipe them.", "Ana Ruiz"),
    ]
    assert knowledge.find(desk, article.code).text == "Wipe them twice."


def test_trials_of_two_people_are_both_counted_and_undone(desk: Desk) -> None:
    article = written(desk)
    knowledge.tried(desk, article.id, worked=True)
    knowledge.tried(desk.acting_as("Jon Park"), article.id, worked=False)
    knowledge.tried(desk, article.id, worked=True)
    now = knowledge.find(desk, article.name)
    assert (now.worked, now.did_not) == (2, 1)
    undoing.undo(desk)
    now = knowledge.find(desk, article.name)
    assert (now.worked, now.did_not) == (1, 1)


def test_an_article_is_used_by_an_incident(desk: Desk) -> None:
    ids = quick_logging.log_lines(desk, ["printer jams"]).ids["incident"]
    article = written(desk)
    knowledge.use(desk, article.id, ids)
    (listed,) = knowledge.search(desk)
    assert listed.used == 1
    incident = browsing.incident(desk, ids[0])
    assert incident.workaround == f"{article.code} Clean the rollers"
    assert incident.watchers == ()
    assert browsing.counts(desk, ["has:article"]) == [1]
    (used_by,) = knowledge.details(desk, article.id).used_by
    assert used_by.number == incident.number
    assert any("Clean the rollers" in str(entry.changes) for entry in incident.timeline)
    rebuild.rebuild(desk.store)
    assert knowledge.search(desk)[0].used == 1
    undoing.undo(desk)
    assert knowledge.search(desk)[0].used == 0
    assert browsing.incident(desk, ids[0]).workaround == ""


def test_an_article_is_made_from_a_resolution(desk: Desk) -> None:
    ids = quick_logging.log_lines(desk, ["printer jams #hardware/printer"]).ids["incident"]
    with pytest.raises(InvalidInputError, match="no resolution yet"):
        knowledge.write_from_incident(desk, ids[0])
    moves.resolve(desk, [ids[0]], SOLVED, take_up=True)
    knowledge.write_from_incident(desk, ids[0])
    article = knowledge.find(desk, "printer jams")
    assert "**Solution**: Turned it on" in article.text
    assert article.category == "hardware/printer"
    assert knowledge.search(desk)[0].used == 1
    knowledge.write_from_incident(desk, ids[0])
    assert knowledge.find(desk, "printer jams (2)").id != article.id


def test_articles_are_found_by_the_beginnings_of_their_words(desk: Desk) -> None:
    written(desk)
    written(desk, "VPN drops", "Switch off **IPv6** on the adapter; see the printer too.")
    found = [one.article.name for one in knowledge.search(desk, "print")]
    assert found == ["Clean the rollers", "VPN drops"]
    assert [one.article.name for one in knowledge.search(desk, "ipv adap")] == ["VPN drops"]
    assert knowledge.search(desk, "nothing") == []


def test_bad_articles_are_refused(desk: Desk) -> None:
    article = written(desk)
    with pytest.raises(InvalidInputError, match="empty"):
        knowledge.write(desk, "x", "  ")
    with pytest.raises(InvalidInputError, match="already"):
        knowledge.write(desk, "clean the ROLLERS", "x")
    knowledge.remove(desk, article.id)
    with pytest.raises(NotFoundError, match="removed"):
        knowledge.tried(desk, article.id, worked=True)
