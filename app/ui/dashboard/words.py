"""Say the figures of the dashboard: titles, values with units, changes in words, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QLocale

from app.domain import dashboard_events
from app.domain.dashboard_values import COUNT, DURATION, SHARE
from app.ui.widgets.time_words import MINUS, isolated

if TYPE_CHECKING:
    from app.domain.dashboard_values import Mark


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Dashboard", text))


TITLES: Final = {
    "figures": _noop("Figures"),
    "flow": _noop("Opened and resolved"),
    "sla": _noop("Resolved inside SLA"),
    "waits": _noop("Where incidents wait"),
    "arrivals": _noop("When they arrive"),
    "categories": _noop("Top categories"),
    "workload": _noop("Workload"),
    "teams": _noop("Time to resolve by team"),
    "quality": _noop("First contact and satisfaction"),
    "services": _noop("Availability of services"),
}
BESIDE: Final = {
    "flow": _noop("solid opened, dashed resolved, dotted events"),
    "sla": _noop("mark: target"),
    "waits": _noop("median per state"),
    "arrivals": _noop("per weekday and hour"),
    "categories": _noop("change on the time before"),
    "workload": _noop("open; resolved in the period"),
    "teams": _noop("median"),
    "quality": _noop("share of those counted"),
    "services": _noop("downtime; planned maintenance"),
}
_LABELS: Final = (
    _noop("Open now"),
    _noop("Past SLA"),
    _noop("Acknowledged, mean"),
    _noop("Time to resolve, mean"),
    _noop("Reopened"),
    _noop("First-contact resolution"),
    _noop("First response inside SLA"),
    _noop("Content requesters (CSAT)"),
    _noop("none"),
)
NO_DATA: Final = _noop("no data")


def tr(text: str) -> str:
    """Return a text in the language of the window."""
    return QCoreApplication.translate("Dashboard", text)


def label(mark: Mark) -> str:
    """Return the name of a mark; days are said as the locale does, names of the team's stay."""
    if mark.label in _LABELS:
        return tr(mark.label)
    if mark.key.startswith(("opened ", "resolved ")):
        return short_day(mark.label)
    if dashboard_events.is_event(mark):
        is_major = dashboard_events.kind_of(mark) == dashboard_events.MAJOR
        return (tr("Major incident: {0}") if is_major else tr("Maintenance: {0}")).format(
            mark.label
        )
    if mark.key.startswith("category "):
        return mark.label.replace("/", " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ")
    return mark.label


def short_day(iso: str) -> str:
    """Return "2 Nov" for "2026-11-02"."""
    return QLocale().toString(QDate.fromString(iso, "yyyy-MM-dd"), "d MMM")


def duration(seconds: float) -> str:
    """Return "45 s", "11 min", "4.6 h" or "2.5 d"."""
    locale = QLocale()
    if seconds < 60:
        said = tr("{0} s").format(locale.toString(round(seconds)))
    elif seconds < 3_600:
        said = tr("{0} min").format(locale.toString(round(seconds / 60)))
    elif seconds < 48 * 3_600:
        said = tr("{0} h").format(locale.toString(seconds / 3_600, "f", 1))
    else:
        said = tr("{0} d").format(locale.toString(seconds / 86_400, "f", 1))
    return isolated(said)


def value(mark: Mark) -> str:
    """Return the figure with its unit."""
    return amount(mark.value, mark.unit, fine=mark.key.startswith("service "))


def amount(number: float | None, unit: str, *, fine: bool = False) -> str:
    """Return a number of a unit, "no data" for none; `fine` shares have two decimals."""
    if number is None:
        return tr(NO_DATA)
    if unit == DURATION:
        return duration(number)
    if unit == SHARE:
        percent = number * 100
        # Nothing that fell short is rounded up to all of it, nor what is there down to nothing.
        decimals = 2 if fine else int(99.5 <= percent < 100 or 0 < percent < 0.5)
        shown = min(percent, 99.99 if fine else 99.9) if percent < 100 else percent
        return isolated(tr("{0} %").format(QLocale().toString(shown, "f", decimals)))
    return QLocale().toString(round(number))


def beside(mark: Mark) -> str:
    """Return what stands beside a figure: "6 of 7", the change, downtime, resolved."""
    more = dict(mark.more)
    if "downtime" in more:
        down = tr("{0} down").format(duration(more["downtime"]))
        if more["planned"]:
            planned = tr("{0} planned").format(duration(more["planned"]))
            return tr("{0}; {1}").format(down, planned)
        return down
    if "resolved" in more:
        return tr("{0} resolved").format(amount(more["resolved"], COUNT))
    if mark.unit == DURATION and mark.before is None and mark.value is not None:
        return tr("of {0}").format(amount(mark.n, COUNT))
    if mark.part is not None and mark.n:
        return tr("{0} of {1}").format(amount(mark.part, COUNT), amount(mark.n, COUNT))
    if mark.unit == COUNT and mark.before is not None and mark.value is not None:
        difference = round(mark.value - mark.before)
        if not difference:
            return "±0"
        sign = "+" if difference > 0 else MINUS
        return isolated(f"{sign}{amount(abs(difference), COUNT)}")
    return ""


def change(mark: Mark, days: int) -> tuple[str, str, int]:
    """Return the change of a figure in words, its tone, and its direction (1, 0, -1).

    More of any of the five figures is worse, so a rise is amber and a fall is green.
    """
    if mark.value is None or mark.before is None:
        return tr("nothing to compare"), "text2", 0
    than = tr("last week") if mark.unit == COUNT else tr("the {0} days before").format(days)
    difference = mark.value - mark.before
    size = abs(difference)
    same = round(size, 3) == 0 if mark.unit == SHARE else round(size) == 0
    if same:
        return tr("same as {0}").format(than), "text2", 0
    up = difference > 0
    if mark.unit == DURATION:
        text = tr("{0} slower") if up else tr("{0} faster")
        said = text.format(duration(size))
    elif mark.unit == SHARE:
        text = tr("{0} points more") if up else tr("{0} points fewer")
        said = text.format(QLocale().toString(size * 100, "f", 1))
    else:
        text = tr("{0} more than {1}") if up else tr("{0} fewer than {1}")
        said = text.format(amount(size, COUNT), than)
    return said, "warn" if up else "ok", 1 if up else -1


def below_target(mark: Mark) -> bool:
    """Tell whether a share misses its target."""
    return mark.target is not None and mark.value is not None and mark.value < mark.target


def name(mark: Mark) -> str:
    """Return the name of a mark, with what it counts where the label is a day."""
    if dashboard_events.is_event(mark):
        return tr("{0}, {1}").format(short_day(dashboard_events.day_of(mark)), label(mark))
    for word, said in (("opened ", tr("{0}, opened")), ("resolved ", tr("{0}, resolved"))):
        if mark.key.startswith(word):
            return said.format(label(mark))
    return label(mark)


def sentence(mark: Mark, days: int = 0) -> str:
    """Return a mark as a screen reader says it, with its n."""
    parts = [name(mark), value(mark)]
    if days:
        parts.append(change(mark, days)[0])
    parts.append(beside(mark) if not days or mark.part is not None else "")
    if mark.target is not None:
        parts.append(tr("target {0}").format(amount(mark.target, SHARE)))
        parts.append(tr("below target") if below_target(mark) else "")
    parts.append(tr("n = {0}").format(amount(mark.n, COUNT)))
    return ", ".join(part for part in parts if part)
