"""The resolver finds the data files of the clone and of an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import app
from app.system import assets

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def installed_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Pretend that the package stands in a temporary folder; forget what was found before."""
    package = tmp_path / "site" / "app"
    package.mkdir(parents=True)
    monkeypatch.setattr(app, "__file__", str(package / "__init__.py"))
    assets.resources_folder.cache_clear()
    yield package
    assets.resources_folder.cache_clear()


def test_a_clone_keeps_its_resources_beside_the_package() -> None:
    assets.resources_folder.cache_clear()
    assert assets.resources_folder() == Path(__file__).resolve().parents[2] / "resources"


def test_a_wheel_or_bundle_keeps_its_resources_inside_the_package(installed_at: Path) -> None:
    (installed_at / "resources").mkdir()
    (installed_at.parent / "resources").mkdir()
    assert assets.resources_folder() == installed_at / "resources"


def test_an_installation_without_resources_is_named(installed_at: Path) -> None:
    with pytest.raises(FileNotFoundError, match="neither in"):
        assets.resources_folder()


def test_a_path_of_several_parts_is_found(installed_at: Path) -> None:
    (installed_at / "resources" / "icons").mkdir(parents=True)
    (installed_at / "resources" / "icons" / "bell.svg").write_text("<svg/>", "utf-8")
    assert assets.asset_path("icons", "bell.svg").read_text("utf-8") == "<svg/>"


def test_a_wrong_name_fails_where_it_is_written(installed_at: Path) -> None:
    (installed_at / "resources").mkdir()
    with pytest.raises(FileNotFoundError, match=r"no resource icons/gong\.svg"):
        assets.asset_path("icons", "gong.svg")
