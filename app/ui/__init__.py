"""The only home of PySide6: windows, dialogs, widgets. Talks to services, not the database.

PySide hooks into `import` and from then on reads the source of every module that is imported, only
to look whether it names PySide6, for the sake of `from __feature__ import snake_case`. Nothing here
uses that, and a start would read two hundred files twice and keep their text: so the hook goes.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - sets the hook


def _take_out_the_hook() -> None:
    if getattr(builtins.__import__, "__name__", "") == "__feature_import__":
        builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


_take_out_the_hook()
