"""Lay out Incident Desk.app from one folder, check every program file in it, and pack a disk image.

    python packaging/build.py dmg [--payload DIR] [--output FILE] [--app-only] [--identity NAME]

The oldest macOS that Info.plist names is the newest that any file of the payload needs, so that the
system refuses the program in words where it could not run. On a Mac `hdiutil` makes the image;
elsewhere `genisoimage` makes one that a Mac can open too, for tests (never shipped). Signing and
notarising: macos/sign-and-notarise.sh, on a Mac only.
"""

from __future__ import annotations

import argparse
import plistlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import build_place
import mach_o
from build_msi import EXTENSION
from build_place import BuildError

MACOS = build_place.PACKAGING / "macos"
BUNDLE_ID = "desk.incident.IncidentDesk"
OLDEST = (13, 0)
"""Nothing older is tested, whatever the files say (Qt 6.11 asks for this one)."""
PROCESSORS = {"x86_64", "arm64"}


def run(words: list[str]) -> int:
    """Build the disk image."""
    parser = argparse.ArgumentParser(prog="build.py dmg", description=__doc__)
    parser.add_argument("--payload", type=Path, default=build_place.FROZEN)
    parser.add_argument("--output", type=Path, help="where the image goes")
    parser.add_argument("--version", default="", help="another version than the program's own")
    parser.add_argument("--app-only", action="store_true", help="lay out the .app, make no image")
    parser.add_argument("--identity", default="", help="sign and notarise with this identity")
    asked = parser.parse_args(words[1:])
    version: str = asked.version or build_place.version()
    target = asked.output or build_place.DIST / f"{build_place.NAME}-{version}.dmg"
    target = Path(target).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    app = target.parent / f"{build_place.TITLE}.app"
    oldest, processors = lay_out(asked.payload, version, app)
    print(f"{app}  needs macOS {oldest[0]}.{oldest[1]}, {' and '.join(sorted(processors))}")
    if asked.identity:
        script = str(MACOS / "sign-and-notarise.sh")
        build_place.run(["/bin/sh", script, "app", str(app), asked.identity])
    if not asked.app_only:
        make_image(app, target)
        if asked.identity:
            build_place.run(["/bin/sh", script, "dmg", str(target), asked.identity])
        print(f"{target}  {target.stat().st_size / 1e6:.1f} MB")
    return 0


def lay_out(payload: Path, version: str, app: Path) -> tuple[tuple[int, int], set[str]]:
    """Make the .app from a payload; return the macOS and the processors that it is for.

    Raises:
        BuildError: the payload holds no program, or files that no one Mac can run together.
    """
    program = payload / build_place.NAME
    if not program.is_file():
        raise BuildError(
            f"{payload} holds no {build_place.NAME}: give the folder that `freeze` made on a Mac, "
            "with --payload."
        )
    oldest, processors = examine(payload)
    if app.exists():
        shutil.rmtree(app)
    contents = app / "Contents"
    (contents / "Resources").mkdir(parents=True)
    (contents / "MacOS").mkdir()
    shutil.copy(program, contents / "MacOS")
    (contents / "MacOS" / build_place.NAME).chmod(0o755)
    (contents / "Frameworks").mkdir()
    _spread(payload / "_internal", contents)
    shutil.copy(MACOS / f"{build_place.NAME}.icns", contents / "Resources")
    (contents / "PkgInfo").write_bytes(b"APPL????")
    with (contents / "Info.plist").open("wb") as file:
        plistlib.dump(info(version, oldest), file)
    return oldest, processors


def _spread(inner: Path, contents: Path) -> None:
    """Put program files into Frameworks and the rest into Resources, each linked from Frameworks.

    There the loader of PyInstaller looks, and codesign takes every plain file in Frameworks, and
    every folder with a dot in its name, for a program that has to be signed.
    """
    frameworks, resources = contents / "Frameworks", contents / "Resources"
    for path in sorted(inner.rglob("*")):
        name = path.relative_to(inner)
        if path.is_dir() and not path.is_symlink():
            continue
        place = _undotted(frameworks, name)
        if path.is_symlink() or _in_framework(name) or mach_o.slices(path):
            shutil.copy2(path, place, follow_symlinks=False)
        else:
            kept = resources / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, kept)
            up = "../" * len(place.parent.relative_to(contents).parts)
            place.symlink_to(f"{up}Resources/{name.as_posix()}")


def _in_framework(name: Path) -> bool:
    return any(part.endswith(".framework") for part in name.parts[:-1])


def _undotted(frameworks: Path, name: Path) -> Path:
    """Return where a file goes: "python3.11" is a link to the folder "python3__dot__11"."""
    folder, inside = frameworks, False
    for part in name.parts[:-1]:
        inside = inside or part.endswith(".framework")
        plain = part if inside else part.replace(".", "__dot__")
        (folder / plain).mkdir(exist_ok=True)
        if plain != part and not (folder / part).is_symlink():
            (folder / part).symlink_to(plain)
        folder /= plain
    return folder / name.name


def examine(payload: Path) -> tuple[tuple[int, int], set[str]]:
    """Return the oldest macOS that runs every file, and the processors that all files are for."""
    oldest, processors, found = OLDEST, set(PROCESSORS), False
    for path in sorted(payload.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            parts = mach_o.slices(path)
        except ValueError as damage:
            raise BuildError(f"{damage}: make the payload again.") from damage
        if not parts:
            continue
        found = True
        oldest = max(oldest, *(part.needs for part in parts))
        if not processors & {part.processor for part in parts}:
            raise BuildError(
                f"{path.name} is for {', '.join(part.processor for part in parts)} and others are "
                f"for {', '.join(sorted(processors))} only: make the payload from wheels of one "
                "kind."
            )
        processors &= {part.processor for part in parts}
    if not found:
        raise BuildError(f"{payload} holds no program file of macOS: it was frozen elsewhere.")
    return oldest, processors


def info(version: str, oldest: tuple[int, int]) -> dict[str, Any]:
    """Return what Info.plist says."""
    return {
        "CFBundleIdentifier": BUNDLE_ID,
        "CFBundleName": build_place.TITLE,
        "CFBundleDisplayName": build_place.TITLE,
        "CFBundleExecutable": build_place.NAME,
        "CFBundleIconFile": f"{build_place.NAME}.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "LSMinimumSystemVersion": f"{oldest[0]}.{oldest[1]}",
        "LSApplicationCategoryType": "public.app-category.business",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": "MIT License",
        "NSPrincipalClass": "NSApplication",
        # Since macOS 15 the system asks once before a program may reach the local network.
        "NSLocalNetworkUsageDescription": f"{build_place.TITLE} reaches the mail server, the "
        "database and the devices of your team, those that you name in its settings.",
        "CFBundleURLTypes": [
            {
                "CFBundleURLName": BUNDLE_ID,
                "CFBundleURLSchemes": ["incident-desk"],
                "CFBundleTypeRole": "Viewer",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{BUNDLE_ID}.package",
                "UTTypeDescription": f"{build_place.TITLE} package",
                "UTTypeConformsTo": ["public.data", "public.archive"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [EXTENSION.removeprefix(".")]
                },
            }
        ],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": f"{build_place.TITLE} package",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [f"{BUNDLE_ID}.package"],
            }
        ],
    }


def make_image(app: Path, target: Path) -> None:
    """Make a disk image that holds the .app and a link to the folder of programs."""
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / build_place.TITLE
        folder.mkdir()
        shutil.copytree(app, folder / app.name, symlinks=True)
        (folder / "Applications").symlink_to("/Applications")
        if sys.platform == "darwin":
            command = ["hdiutil", "create", "-quiet", "-format", "ULFO", "-fs", "HFS+"]
            command += ["-volname", build_place.TITLE, "-srcfolder", str(folder), str(target)]
        else:
            command = ["genisoimage", "-quiet", "-hfs", "-no-pad", "-D", "-R"]
            command += ["-V", build_place.TITLE, "-o", str(target), str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise BuildError(f"{command[0]} is not installed: install it.") from error
        except subprocess.CalledProcessError as error:
            raise BuildError(f"{command[0]} failed: {error.stderr.strip()}") from error
