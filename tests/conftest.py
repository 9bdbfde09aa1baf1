"""What all tests share: where the real test data is, when it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real test data, or skip: it is never part of the project."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("INCIDENT_DESK_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip("real test data is not beside this checkout (INCIDENT_DESK_TEST_DATA)")
    return folder
