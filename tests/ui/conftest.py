"""Run the screens without a screen: the offscreen platform unless a real display is asked for."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

if "INCIDENT_DESK_REAL_WINDOW" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _delete_what_is_closed() -> None:
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def theme(qapp):
    """Give the installed theme, light at 100 %, in English, and put it back afterwards."""
    from app.ui import language
    from app.ui import theme as module

    language.install(qapp)
    installed = module.install("light", 100)
    yield installed
    _delete_what_is_closed()  # or each change below would dress the windows of the test once more
    installed.force_high_contrast(None)
    installed.set_text_size(100)
    installed.set_scheme("light")


@pytest.fixture(autouse=True)
def _closed_windows_are_gone():
    """Delete what a test has closed.

    Outside an event loop Qt keeps it, and every later change of the theme would dress it too.
    """
    yield
    _delete_what_is_closed()
