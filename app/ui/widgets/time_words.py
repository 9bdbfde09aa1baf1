"""Say durations in few characters for lists, and in whole words for a screen reader.

Milliseconds in, text out. A number is isolated in right-to-left layouts, else "-0:12" would be
drawn as "0:12-" (ux.md section 9).
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
SECONDS_BELOW_MS = 5 * MINUTE_MS
"""Below this much time left the seconds are shown (ux.md 2.1)."""

MINUS = "−"
_ISOLATE, _POP = "\u2066", "\u2069"


def isolated(text: str) -> str:
    """Wrap a number or an ID so that right-to-left text around it leaves it in order."""
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        return f"{_ISOLATE}{text}{_POP}"
    return text


def short_left(left_ms: int) -> str:
    """Return the time left in a list: "0:38", "1d 2h", "4m 05s"; a minus when it is past."""
    sign = MINUS if left_ms < 0 else ""
    left_ms = abs(left_ms)
    if left_ms < SECONDS_BELOW_MS:
        minutes, seconds = divmod(left_ms // 1000, 60)
        text = f"{minutes}m {seconds:02d}s" if minutes else f"{seconds}s"
    elif left_ms < DAY_MS:
        hours, rest = divmod(left_ms, HOUR_MS)
        text = f"{hours}:{rest // MINUTE_MS:02d}"
    else:
        days, rest = divmod(left_ms, DAY_MS)
        hours = rest // HOUR_MS
        text = f"{days}d {hours}h" if hours and days < 100 else f"{days}d"
    return isolated(sign + text)


def short_age(age_ms: int) -> str:
    """Return an age in a list: "9m", "3h", "2d", "14mo"; "now" in the first minute."""
    if age_ms < MINUTE_MS:
        return _tr("now")
    if age_ms < HOUR_MS:
        return isolated(f"{age_ms // MINUTE_MS}m")
    if age_ms < DAY_MS:
        return isolated(f"{age_ms // HOUR_MS}h")
    days = age_ms // DAY_MS
    if days < 1000:
        return isolated(f"{days}d")
    return isolated(f"{days // 365}y")


def spoken(duration_ms: int) -> str:
    """Return a duration in whole words, at most two units: "1 day 2 hours", "38 minutes"."""
    duration_ms = abs(duration_ms)
    minutes = duration_ms // MINUTE_MS
    if minutes == 0:
        return _plural("%n second(s)", duration_ms // 1000)
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = []
    if days:
        parts.append(_plural("%n day(s)", days))
    if hours:
        parts.append(_plural("%n hour(s)", hours))
    if not days and minutes % 60:
        parts.append(_plural("%n minute(s)", minutes % 60))
    return " ".join(parts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Time", text)


def _plural(text: str, n: int) -> str:
    said = QCoreApplication.translate("Time", text, "", n)
    # Without a catalogue for English the source text is returned with its plural mark.
    return said.replace("(s)", "" if n == 1 else "s")
