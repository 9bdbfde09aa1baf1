"""The words of the window: the plurals of English, which is what the program is written in.

Texts with a number are written "%n incident(s)" (ux.md section 9). Another language would bring a
.qm file with its plural forms, installed after this one; English needs only one rule.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

_OPEN = re.compile(r"(?<=\w)\((s|es)\)")


class EnglishPlurals(QTranslator):
    """Turns "%n incident(s)" into "%n incident" for one and "%n incidents" for any other number."""

    def translate(
        self, _context: str, source: str, _disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the form for `n`; a text without a number stays as it is."""
        if n < 0 or "(" not in source:
            return source
        return _OPEN.sub("" if n == 1 else r"\1", source)

    def isEmpty(self) -> bool:
        """Tell Qt that there is something to ask for."""
        return False


def choose_locale(system: QLocale) -> None:
    """Write dates as in English where the system names no country (LANG=C): Qt's own are bare."""
    if system.language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


def install(application: QCoreApplication) -> None:
    """Let an application speak English; a second call changes nothing."""
    if application.findChild(EnglishPlurals) is None:
        application.installTranslator(EnglishPlurals(application))
