"""Figures that tick keep their width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF

from app.ui import fonts

if TYPE_CHECKING:
    import pytest

    from app.ui.theme import Theme


def test_tabular_figures_are_asked_for_and_have_one_width(theme: Theme) -> None:
    font = theme.font("small", 600, tabular=True)
    assert [bytes(tag.toString().data()) for tag in font.featureTags()] == [b"tnum"]
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("08:45")


def test_a_machine_without_a_font_of_its_own_gets_the_face_of_the_reports(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFontDatabase, "systemFont", staticmethod(lambda _which: QFont("DejaVu Sans"))
    )
    monkeypatch.setattr(fonts, "STAND_IN", "a font that nobody has")
    assert fonts.family() == fonts.BUNDLED
    assert QFontInfo(QFont(fonts.BUNDLED)).family() == fonts.BUNDLED
