"""Benchmarks of the window paint into memory, so that a screen does not disturb them."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
