"""Build the two installers of Windows from one folder: a setup for one person, an MSI for all.

    python packaging/build.py nsis [--payload DIR] [--output FILE] [--certificate FILE ...]
    python packaging/build.py msi  [the same]

Both take any folder that holds `incident-desk.exe`: PyInstaller freezes for the system it runs on,
so the true folder is made on Windows, and packed there or here. They need Debian's
`nsis`, `wixl` and, to sign, `osslsigncode`. Standard library only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import build_msi
import build_place
from build_msi import EXE, EXTENSION
from build_place import BuildError

WINDOWS = build_place.PACKAGING / "windows"
LARGEST_SETUP = 60_000_000
DESCRIPTION = "Incident Desk"


@dataclass(frozen=True)
class Signing:
    """What the installers are signed with; a command line holds the places, never the password."""

    certificate: Path
    password_file: Path
    timestamp_url: str = ""

    def command(self, file: str, signed: str) -> list[str]:
        """Return the words that sign a file into another one."""
        command = ["osslsigncode", "sign", "-pkcs12", str(self.certificate)]
        command += ["-readpass", str(self.password_file), "-h", "sha256", "-n", DESCRIPTION]
        if self.timestamp_url:
            command += ["-ts", self.timestamp_url]
        return [*command, "-in", file, "-out", signed]

    def sign(self, file: Path) -> None:
        """Sign a file in its place."""
        signed = file.with_name(f"{file.name}.signed")
        build_place.output(self.command(str(file), str(signed)))
        signed.replace(file)


def run(words: list[str]) -> int:
    """Build the installer that the first word names."""
    kind = words[0]
    asked = _parser(kind).parse_args(words[1:])
    payload: Path = asked.payload
    version: str = asked.version or build_place.version()
    files = payload_files(payload)
    signing = _signing(asked)
    suffix = "-setup.exe" if kind == "nsis" else ".msi"
    target = asked.output or build_place.DIST / f"{build_place.NAME}-{version}{suffix}"
    target = Path(target).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        if signing is not None:
            payload = _signed_payload(payload, Path(scratch), signing)
        if kind == "nsis":
            make_setup(payload, files, version, target, Path(scratch), signing)
        else:
            build_msi.make(payload, files, version, target, Path(scratch))
    if signing is not None:
        signing.sign(target)
    size = target.stat().st_size
    if size > asked.largest:
        target.unlink()
        raise BuildError(
            f"{target.name} would be {size / 1e6:.1f} MB, and {asked.largest / 1e6:.0f} MB is the "
            "most: look in the payload for what does not belong there."
        )
    print(f"{target}  {size / 1e6:.1f} MB{'' if signing else '  (not signed)'}")
    return 0


def payload_files(payload: Path) -> list[Path]:
    """Return every file of a payload, relative to it, in one order.

    Raises:
        BuildError: it holds no program, or a name that Windows or an installer cannot take.
    """
    if not (payload / EXE).is_file():
        raise BuildError(
            f"{payload} holds no {EXE}: give the folder that `freeze` made on Windows, "
            "with --payload."
        )
    files = sorted(path.relative_to(payload) for path in payload.rglob("*") if path.is_file())
    for name in files:
        if re.search(r'[<>:"|?*$\\\x00-\x1f]', name.as_posix()) or name.name.endswith((".", " ")):
            raise BuildError(f"Windows cannot hold the file {name.as_posix()}: rename it.")
    folded: dict[str, Path] = {}
    for name in files:
        other = folded.setdefault(name.as_posix().casefold(), name)
        if other != name:
            raise BuildError(f"{other} and {name} are one file on Windows: rename one.")
    return files


def version_of_four(version: str) -> str:
    """Return a version as Windows wants it: four numbers ("1.2" is "1.2.0.0")."""
    found = re.fullmatch(r"(\d{1,5})(?:\.(\d{1,5}))?(?:\.(\d{1,5}))?", version)
    if found is None:
        raise BuildError(f"{version} is no version such as 1.2.3: see app/__init__.py.")
    return ".".join([*(part or "0" for part in found.groups()), "0"])


def make_setup(
    payload: Path,
    files: list[Path],
    version: str,
    target: Path,
    scratch: Path,
    signing: Signing | None,
) -> None:
    """Build the setup for one person."""
    put, taken = scratch / "files.nsh", scratch / "removal.nsh"
    put.write_text(lines_that_install(payload, files), "utf-8-sig")
    taken.write_text(lines_that_remove(files), "utf-8-sig")
    defined = {
        "VERSION": version,
        "VERSION_4": version_of_four(version),
        "OUTPUT": str(target),
        "EXE": EXE,
        "EXTENSION": EXTENSION,
        "APP_USER_MODEL_ID": build_place.app_user_model_id(),
        "ICON": str(WINDOWS / f"{build_place.NAME}.ico"),
        "SIZE_KB": str(build_place.size_of(payload) // 1024),
        "PAYLOAD_FILES": str(put),
        "PAYLOAD_REMOVAL": str(taken),
    }
    if signing is not None:
        in_place = " ".join(f'"{word}"' for word in signing.command("%1", "%1.signed"))
        defined["SIGN_UNINSTALLER"] = f'{in_place} && mv "%1.signed" "%1"'
    definitions = [f"-D{name}={value}" for name, value in defined.items()]
    script = str(WINDOWS / f"{build_place.NAME}.nsi")
    build_place.output(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *definitions, script])


def _windows_path(name: Path) -> str:
    return "\\".join(name.parts)


def _folders(files: list[Path]) -> list[Path]:
    inner = {parent for name in files for parent in name.parents if parent.parts}
    return sorted(inner)


def lines_that_install(payload: Path, files: list[Path]) -> str:
    """Return what NSIS does to install each file."""
    lines: list[str] = []
    place: Path | None = None
    for name in files:
        if name.parent != place:
            place = name.parent
            lines.append(f'SetOutPath "{chr(92).join(("$INSTDIR", *place.parts))}"')
        lines.append(f'File "{(payload / name).absolute()}"')
    return "\n".join(lines) + "\n"


def lines_that_remove(files: list[Path]) -> str:
    """Return what NSIS does to remove each file, and the folders that are empty then."""
    lines = [f'Delete "$INSTDIR\\{_windows_path(name)}"' for name in files]
    lines += [f'RMDir "$INSTDIR\\{_windows_path(each)}"' for each in reversed(_folders(files))]
    return "\n".join(lines) + "\n"


def _signed_payload(payload: Path, scratch: Path, signing: Signing) -> Path:
    """Return a copy of the payload with the program signed; libraries keep their makers' own."""
    copy = scratch / "payload"
    shutil.copytree(payload, copy)
    signing.sign(copy / EXE)
    return copy


def _signing(asked: argparse.Namespace) -> Signing | None:
    if asked.certificate is None:
        return None
    for place in (asked.certificate, asked.password_file):
        if place is None or not place.is_file():
            raise BuildError(
                "Signing needs --certificate with a PKCS#12 file and --password-file with a file "
                f"that holds its password{f'; {place} is none' if place else ''}."
            )
    return Signing(asked.certificate, asked.password_file, asked.timestamp_url)


def _parser(kind: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"build.py {kind}", description=__doc__.splitlines()[0])
    parser.add_argument("--payload", type=Path, default=build_place.FROZEN)
    parser.add_argument("--output", type=Path, help="where the installer goes")
    parser.add_argument("--version", default="", help="another version than the program's own")
    parser.add_argument("--largest", type=int, default=LARGEST_SETUP, help="bytes it may have")
    parser.add_argument("--certificate", type=Path, help="PKCS#12 file to sign with")
    parser.add_argument("--password-file", type=Path, help="file with the certificate's password")
    parser.add_argument("--timestamp-url", default="", help="who confirms when it was signed")
    return parser
