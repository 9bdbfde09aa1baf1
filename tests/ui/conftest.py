"""Run the screens without a screen: the offscreen platform unless a real display is asked for."""

from __future__ import annotations

import os

import pytest

if "INCIDENT_DESK_REAL_WINDOW" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture
def theme(qapp):
    """Give the installed theme, light at 100 %, and put it back afterwards."""
    from app.ui import theme as module

    installed = module.install("light", 100)
    yield installed
    installed.force_high_contrast(None)
    installed.set_text_size(100)
    installed.set_scheme("light")
