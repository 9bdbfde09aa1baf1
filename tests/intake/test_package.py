"""Packages come from outside: nothing in them is believed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidInputError
from app.intake.package import open_package, write_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTENT = b"evidence"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "all.zip"
    count = write_package(
        {"incidents": iter([{"n": 1}])}, [(SHA, lambda: io.BytesIO(CONTENT))], made
    )
    assert count == 1
    return made


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def manifest(parts: dict[str, bytes], change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads(parts["manifest.json"])
    change(told)
    parts["manifest.json"] = json.dumps(told).encode()


def test_a_package_gives_back_what_was_put_in(path: Path) -> None:
    with open_package(path) as package:
        assert json.loads(package.incidents()) == {"incidents": [{"n": 1}]}
        assert package.attachments() == [SHA]
        assert b"".join(package.attachment(SHA)) == CONTENT


def test_the_same_content_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    write_package({"incidents": [{"n": 1}]}, [(SHA, lambda: io.BytesIO(CONTENT))], again)

    assert again.read_bytes() == path.read_bytes()


def test_bytes_that_no_longer_match_their_digest_are_not_packed(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="has changed in the store"):
        write_package({}, [(SHA, lambda: io.BytesIO(b"other"))], tmp_path / "all.zip")
    assert list(tmp_path.iterdir()) == []


def test_changed_bytes_are_refused(path: Path) -> None:
    changed(path, lambda parts: parts.update({f"attachments/{SHA}": b"forged!!"}))

    with (
        open_package(path) as package,
        pytest.raises(InvalidInputError, match="does not match its hash"),
    ):
        list(package.attachment(SHA))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p.update({"../outside": b"x"}), "foreign entry"),
        (lambda p: p.update({f"attachments/{'0' * 63}": b"x"}), "foreign entry"),
        (lambda p: p.update({f"attachments/{'0' * 64}": b"x"}), "names other files"),
        (lambda p: p.update({f"attachments/{'1' * 64}": bytes(50 << 20)}), "would unpack to 50 MB"),
        (lambda p: p.pop("manifest.json"), "is missing"),
        (lambda p: p.update({"manifest.json": b"{"}), "manifest cannot be read"),
        (lambda p: manifest(p, lambda m: m.update(version=9)), "newer version"),
        (lambda p: manifest(p, lambda m: m.update(format="x")), "manifest cannot be read"),
        (lambda p: manifest(p, lambda m: m.update(files=[])), "manifest cannot be read"),
    ],
)
def test_an_unsound_package_is_refused_whole(
    path: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    changed(path, change)

    with pytest.raises(InvalidInputError, match=says), open_package(path):
        pass


def test_another_zip_archive_is_no_package(real_data: Path) -> None:
    for name in ("zipdir.zip", "zip_cp437_header.zip"):
        source = real_data / "naughty_inputs" / name
        with pytest.raises(InvalidInputError), open_package(source):
            pass
