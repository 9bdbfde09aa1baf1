"""Which paper the country of this computer prints on; standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTER_COUNTRIES: Final = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
"""Countries whose paper is US Letter (Unicode CLDR, measurementData, paperSize)."""


def paper_of(locale_name: str) -> str:
    """Return "letter" or "a4" for a locale such as en_US.UTF-8 or es-MX; unknown ones take A4."""
    bare = locale_name.partition(".")[0].partition("@")[0].replace("-", "_")
    country = bare.rpartition("_")[2].upper() if "_" in bare else ""
    return "letter" if country in LETTER_COUNTRIES else "a4"


def locale_of(environment: Mapping[str, str]) -> str:
    """Return the locale that an environment names for paper (locale(7)), or ""."""
    for name in ("LC_ALL", "LC_PAPER", "LANG"):
        if environment.get(name):
            return environment[name]
    return ""


@cache
def usual_paper() -> str:
    """Return the paper of this computer's country."""
    return paper_of(_system_locale() or locale_of(os.environ))


def _system_locale() -> str:
    """Return the locale that Windows or the Mac keeps outside the environment, or ""."""
    if sys.platform == "win32":
        import ctypes

        buffer = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
        ctypes.windll.kernel32.GetUserDefaultLocaleName(buffer, len(buffer))
        return buffer.value
    if sys.platform == "darwin":
        asked = ["defaults", "read", "-g", "AppleLocale"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False)
        return done.stdout.strip()
    return ""
