"""What the frozen program carries, by the names of files in the wheels of three systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", True),
        ("libpython3.11.so.1.0", True),
        ("pikepdf.libs/libqpdf-781b0270.so.30.4.2", True),
        ("app/resources/i18n/desk_en.qm", True),
        ("PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6", False),
        ("PySide6/Qt/lib/libQt6OpenGL.so.6", False),
        ("PySide6\\Qt6VirtualKeyboard.dll", False),
        ("PySide6/Qt/lib/QtCharts.framework/Versions/A/QtCharts", False),
        ("PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/QtCore.pyi", False),
        ("PySide6/Qt/plugins/platforms/libqminimal.so", False),
        ("app/resources/i18n/de/LC_MESSAGES/reports.mo", True),
        ("app/resources/i18n/de/LC_MESSAGES/reports.po", False),
        ("libssl.so.3", False),
        ("libreadline.so.8", False),
        ("psycopg-3.3.9.dist-info/RECORD", False),
    ],
)
def test_a_file_is_carried_or_left_out(
    path: str, kept: bool, packaging_module: Callable[[str], ModuleType]
) -> None:
    assert packaging_module("build_slim").keeps(path) is kept


def test_the_hollow_library_of_a_wheel_gives_way_to_the_systems_own(
    packaging_module: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slim, own = packaging_module("build_slim"), tmp_path / "libXau.so.6"
    entries = [
        ("pillow.libs/libXau-154567c4.so.6.0.0", "wheel", "BINARY"),
        ("pillow.libs/libxcb-9065bb12.so.1.1.0", "wheel", "BINARY"),
    ]
    monkeypatch.setattr(slim, "SYSTEM_XAU", own)
    assert slim.kept(entries) == entries, "kept where the system has none"
    own.write_bytes(b"ELF")
    assert [source for _, source, _ in slim.kept(entries)] == [str(own), "wheel"]
