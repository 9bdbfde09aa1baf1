"""The form for the intranet: one file, nothing from elsewhere, usable by everybody."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidInputError
from app.services.report_form import form_page, write_form

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {"mail": form_page(mail="desk@example.com"), "drop": form_page(drop=r"\\files\reports")}


class Seen(HTMLParser):
    """Gathers tags, labels and the ids of fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_field_has_its_label_and_the_page_its_language(page: str) -> None:
    tags = Seen(page).tags
    labelled = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    fields = {a.get("id") for tag, a in tags if tag in ("input", "textarea", "select")}

    assert fields
    assert fields == labelled
    assert ("html", {"lang": "en"}) in tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert "@" not in re.sub(r"desk@example\.com", "", page)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_nothing_comes_from_elsewhere(page: str) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)
    assert not [tag for tag, a in Seen(page).tags if a.get("src") or tag in ("link", "iframe")]


def test_the_mail_form_has_no_script_and_names_the_address() -> None:
    page = PAGES["mail"]

    assert "<script" not in page
    assert 'action="mailto:desk@example.com?subject=Incident%20report"' in page


def test_the_policy_allows_the_own_script_by_its_digest_alone() -> None:
    page = PAGES["drop"]
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)

    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert r"<strong>\\files\reports</strong>" in page


def test_words_of_the_caller_cannot_become_markup() -> None:
    page = form_page(drop='<script>alert("x")</script>')

    assert page.count("<script>") == 1
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("mail", ["x", "a@b?cc=c@d", 'a"@b', "a b@c", "a@b\nBcc: c@d", "a@b,c@d"])
def test_an_address_with_a_trick_is_refused(mail: str) -> None:
    with pytest.raises(InvalidInputError, match="is no address"):
        form_page(mail=mail)


def test_one_place_must_be_named() -> None:
    for given in ({}, {"mail": "a@b.c", "drop": "x"}):
        with pytest.raises(InvalidInputError, match="Say where"):
            form_page(**given)


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    write_form(tmp_path / "form.html", mail="desk@example.com")

    assert (tmp_path / "form.html").read_text("utf-8") == PAGES["mail"]
