"""How the findings of a period report word shares and counts; what has no data says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.period_figures import TARGET

if TYPE_CHECKING:
    from app.domain.metric_values import Figure

NO_DATA = "no data"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def per_cent(figure: Figure) -> str:
    """Return a share as "89%", with one digit more where rounding would hide a miss; no data so."""
    if figure.value is None:
        return NO_DATA
    return per_cent_of(figure.value)


def per_cent_of(value: float) -> str:
    """Return a share as "89%"; with a digit more where rounding would say something else."""
    shown = f"{value * 100:.0f}%"
    rounded = float(shown[:-1]) / 100
    hides = (rounded >= TARGET) != (value >= TARGET) or ((shown in {"0%", "100%"}) and value % 1)
    if not hides:
        return shown
    tenths = int(value * 1000) / 10
    return f"{tenths:.1f}%" if tenths else "under 0.1%"


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def small_number(n: int) -> str:
    """Return a number up to ten as a word."""
    return _SMALL[n] if n < len(_SMALL) else f"{n:,}"
