"""One incident, two incidents: never "incident(s)"."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QLocale

from app.ui import language

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


@pytest.fixture
def translate(qapp: QCoreApplication):
    language.install(qapp)
    language.install(qapp)
    assert len(qapp.findChildren(language.EnglishPlurals)) == 1
    return qapp.translate


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 incidents"), (1, "1 incident"), (2, "2 incidents")]
)
def test_a_number_chooses_the_form(translate, n: int, words: str) -> None:
    assert translate("QueueCells", "%n incident(s)", "", n) == words


def test_other_texts_stay_as_they_are(translate) -> None:
    assert translate("Any", "Group (shared)") == "Group (shared)"
    assert translate("Any", "%n of them (shared)", "", 2) == "2 of them (shared)"


def test_no_text_says_were_or_was_beside_a_number_that_may_be_one() -> None:
    root = Path(language.__file__).parent
    for file in root.rglob("*.py"):
        for text in re.findall(r'"(%n [^"]*\(e?s\)[^"]*)"', file.read_text(encoding="utf-8")):
            assert not re.search(r"\b(were|was|are|is|have|has)\b", text), (file.name, text)


@pytest.mark.parametrize(("system", "date"), [("C", "26/11/2026"), ("de_DE", "26.11.26")])
def test_only_a_computer_without_a_country_writes_dates_as_in_english(
    system: str, date: str
) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(system))
        language.choose_locale(QLocale(system))
        shown = QLocale().toString(QDate(2026, 11, 26), QLocale.FormatType.ShortFormat)
    finally:
        QLocale.setDefault(before)
    assert shown == date
