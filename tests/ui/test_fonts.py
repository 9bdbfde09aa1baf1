"""Figures that tick keep their width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

if TYPE_CHECKING:
    from app.ui.theme import Theme


def test_tabular_figures_are_asked_for_and_have_one_width(theme: Theme) -> None:
    font = theme.font("small", 600, tabular=True)
    assert [bytes(tag.toString().data()) for tag in font.featureTags()] == [b"tnum"]
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("08:45")
