"""Command `deb`: a package for Debian 12, Ubuntu 22.04 and newer, from the frozen folder.

Needs dpkg-dev (dpkg-shlibdeps reads from every ELF file which packages it needs) and must run on
the oldest system that the package is for. The same folder gives the same bytes.
"""

from __future__ import annotations

import datetime
import gzip
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import build_place
from build_place import BUILD, DIST, FROZEN, NAME, PACKAGING, BuildError, version

if TYPE_CHECKING:
    from pathlib import Path

MOST_MB = 65
LINUX = PACKAGING / "linux"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
HOME = "usr/lib/incident-desk"
# Loaded by name while the program runs, so that no ELF file tells of them.
BY_NAME = ["libxcb-cursor0", "ca-certificates", "shared-mime-info", "tzdata"]
RECOMMENDS = ["xdg-utils", "desktop-file-utils", "gnome-keyring | kwalletmanager", "cups-client"]
_DRAW = """
import sys
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication(["icons"])
drawing = QSvgRenderer(sys.argv[1])
for word in sys.argv[2:]:
    size, path = word.split("=", 1)
    image = QImage(int(size), int(size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    drawing.render(painter, QRectF(image.rect()))
    painter.end()
    assert image.save(path), path
"""


def run(_words: list[str]) -> int:
    """Build `dist/incident-desk_VERSION_ARCH.deb` and say how large it is."""
    if not (FROZEN / NAME).is_file():
        raise BuildError("There is no frozen program: run `python packaging/build.py freeze`.")
    if shutil.which("dpkg-shlibdeps") is None:
        raise BuildError("dpkg-shlibdeps is missing: `sudo apt-get install dpkg-dev`.")
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree, FROZEN)
    architecture = build_place.output(["dpkg", "--print-architecture"]).strip()
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(control_text(tree, architecture, depends(tree / HOME)), "utf-8")
    _settle(tree)
    package = DIST / f"{NAME}_{version()}_{architecture}.deb"
    words = ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", "-z6", str(tree), str(package)]
    build_place.run(words, SOURCE_DATE_EPOCH=str(epoch()))
    megabytes = package.stat().st_size / 1e6
    print(f"{package}: {megabytes:.1f} MB")
    if megabytes > MOST_MB:
        raise BuildError(f"The package is {megabytes:.1f} MB, more than {MOST_MB}.")
    return 0


def epoch() -> int:
    """Return the second that every file of the package carries: the last change of the sources."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    try:
        return int(build_place.output(["git", "log", "-1", "--format=%ct"]))
    except (BuildError, ValueError):
        return int((PACKAGING / "CHANGELOG.md").stat().st_mtime)


def lay_out(tree: Path, frozen: Path) -> None:
    """Put every file of the package where it will be on the system."""
    shutil.copytree(frozen, tree / HOME, symlinks=True)
    binary = tree / "usr/bin" / NAME
    binary.parent.mkdir(parents=True)
    binary.symlink_to(f"../lib/{NAME}/{NAME}")
    share = tree / "usr/share"
    _copy(LINUX / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    metainfo = share / "metainfo" / "io.github.incident_desk.incident-desk.metainfo.xml"
    metainfo.parent.mkdir(parents=True)
    metainfo.write_text(metainfo_text(), "utf-8")
    icons = share / "icons/hicolor"
    _copy(LINUX / f"{NAME}.svg", icons / "scalable/apps" / f"{NAME}.svg")
    drawn = {size: icons / f"{size}x{size}/apps" / f"{NAME}.png" for size in ICON_SIZES}
    for path in drawn.values():
        path.parent.mkdir(parents=True)
    words = [f"{size}={path}" for size, path in drawn.items()]
    draw = [str(build_place.PYTHON), "-c", _DRAW, str(LINUX / f"{NAME}.svg"), *words]
    build_place.run(draw, QT_QPA_PLATFORM="offscreen")
    papers = share / "doc" / NAME
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(copyright_text(), "utf-8")
    shutil.copy(PACKAGING / "NOTICES.txt", papers)
    shutil.copy(PACKAGING / "sbom.cdx.json", papers)
    changes = (PACKAGING / "CHANGELOG.md").read_bytes()
    (papers / "changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))


def metainfo_text() -> str:
    """Return what software centres show, with the version and day of this build."""
    day = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).date().isoformat()
    text = (LINUX / f"{NAME}.metainfo.xml").read_text("utf-8")
    return text.replace("@VERSION@", version()).replace("@DATE@", day)


def copyright_text() -> str:
    """Return the copyright file in Debian's format, with the text of the licence."""
    licence = (PACKAGING / "LICENSE").read_text("utf-8").strip().splitlines()
    holder = next(line for line in licence if line.startswith("Copyright"))
    words = licence[licence.index(holder) + 1 :]
    text = "\n".join(f" {line}" if line.strip() else " ." for line in words).lstrip(" .\n")
    whole = (LINUX / "copyright").read_text("utf-8")
    holder = re.sub(r"^Copyright\s*(\(c\)\s*)?", "", holder)
    return whole.replace("@COPYRIGHT@", holder).replace("@MIT@", f" {text}")


def control_text(tree: Path, architecture: str, needed: list[str]) -> str:
    """Return the control file of the package."""
    return "\n".join(
        [
            f"Package: {NAME}",
            f"Version: {version()}",
            f"Architecture: {architecture}",
            "Section: misc",
            "Priority: optional",
            "Maintainer: The Incident Desk authors <incident-desk@example.invalid>",
            f"Installed-Size: {build_place.size_of(tree) // 1024}",
            f"Depends: {', '.join(needed)}",
            f"Recommends: {', '.join(RECOMMENDS)}",
            "Description: log, prioritise, investigate, resolve and close incidents",
            " A desktop program for small IT teams. It keeps every change in a local",
            " database that needs no server, counts the time an incident was owed on the",
            " working calendar, and prints a closed incident as a report that an auditor",
            " can read.",
            "",
        ]
    )


def elf_files(folder: Path) -> list[Path]:
    """Return the programs and libraries in a folder, by the first bytes of each file."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def depends(folder: Path) -> list[str]:
    """Return which packages the files need, as dpkg-shlibdeps reads it from them."""
    work = BUILD / "shlibdeps"
    shutil.rmtree(work, ignore_errors=True)
    (work / "debian").mkdir(parents=True)
    (work / "debian" / "control").write_text(
        f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n", "utf-8"
    )
    files = elf_files(folder)
    own = sorted({str(path.parent) for path in files})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{each}" for each in own)]
    done = subprocess.run(
        [*command, *(f"-e{path}" for path in files)],
        cwd=work,
        env=build_place.environment(LC_ALL="C"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        missing = re.findall(r"cannot find library (\S+)", done.stderr)
        raise BuildError(
            f"A library is on this system in no package ({', '.join(sorted(set(missing)))}): "
            f"install the one that has it. dpkg-shlibdeps said: {done.stderr.strip()[-400:]}"
        )
    told = re.search(r"^shlibs:Depends=(.*)$", done.stdout, re.MULTILINE)
    if told is None:
        raise BuildError(f"dpkg-shlibdeps named no package: {done.stdout}")
    named = {re.split(r"[ (]", each)[0]: each for each in told[1].split(", ")}
    return sorted([*named.values(), *(each for each in BY_NAME if each not in named)])


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _settle(tree: Path) -> None:
    """Give every file the rights that Debian expects, whatever the umask of the build."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or bool(path.stat().st_mode & 0o100)
            path.chmod(0o755 if runs else 0o644)
