"""Command `check`: what may not be shipped is found before anybody gets it.

Each finding is one sentence that says what is wrong and what to do. What is not built yet is not
looked at, and that is said; the sources, the pins and the workflows always are.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import build_notices
import build_place
import build_sbom
import build_slim
from build_place import DIST, FROZEN, PACKAGING, ROOT, BuildError
from mach_o import slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

MOST_MB = {"incident-desk": 190, "*.deb": 65, "*-setup.exe": 60}
"""The most that the frozen folder and each package may take."""
MACOS_MINIMUM = (15, 0)
"""The oldest macOS that the program is for; house.md's dependencies allow no older one."""
_GPL = re.compile(r"^A?GPL-[\d.]+")
_WORDS_OF_GPL = re.compile(rb"GNU (?:AFFERO )?GENERAL PUBLIC LICENSE", re.IGNORECASE)
_LIBRARY = re.compile(r"\.(?:so(?:\.[\d.]+)?|dll|dylib|pyd)$")
_REGISTRY = re.compile(
    rb"https?://(?:[\w.-]+\.)?(?:pypi\."
    + rb"org|python"
    + rb"hosted\.org|npm"
    + rb"js\.(?:org|com)"
    rb"|deb\." + rb"debian\.org)|file:" + rb"///opt"
)
_USES = re.compile(r"^\s*(?:- )?uses:\s*(\S+)(.*)$", re.MULTILINE)
_PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$|^\./")
_TEXTS = {".txt", ".toml", ".json", ".yml", ".yaml", ".py", ".cfg", ".ini", ".md", ".xml", ""}
_MACH_O = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe")


def run(_words: list[str]) -> int:
    """Look at everything; print each finding; 0 where there is none."""
    findings = [*sources(ROOT), *licences(), *_stale()]
    if FROZEN.is_dir():
        findings += frozen(FROZEN)
    else:
        print("dist/incident-desk is not built: only the sources were looked at.")
    findings += sizes(DIST)
    for finding in findings:
        print(f"- {finding}")
    print(f"{len(findings)} finding(s)" if findings else "Nothing is wrong with what is shipped.")
    return 1 if findings else 0


def sources(root: Path) -> list[str]:
    """Return what is wrong with the pins and the workflows of a clone."""
    found = [
        f"{path.name} names a package registry: pin by version and hash only "
        "(`python packaging/dev.py pin`)."
        for path in sorted((root / "packaging").glob("requirements*.txt"))
        if _REGISTRY.search(path.read_bytes()) or re.search(rb"^--", path.read_bytes(), re.M)
    ]
    for path in sorted((root / ".github" / "workflows").glob("*.y*ml")):
        for used, rest in _USES.findall(path.read_text("utf-8")):
            if not _PINNED.match(used) or (not used.startswith("./") and "# v" not in rest):
                found.append(
                    f"{path.name} uses {used}, which can change under us: pin it by its commit, "
                    "with the version in a comment."
                )
    return found


def licences(table: Path = PACKAGING / "licences.toml") -> list[str]:
    """Return the libraries whose licence would bind the whole program."""
    told: dict[str, Any] = tomllib.loads(table.read_text("utf-8"))
    named: dict[str, str] = {
        **told["libraries"],
        **{name: part["licence"] for name, part in told["parts"].items()},
    }
    return [
        f"{name} is under {licence}, which binds whoever ships it to the GPL: use another library."
        for name, licence in sorted(named.items())
        if all(_GPL.match(choice) and " WITH " not in choice for choice in licence.split(" OR "))
    ]


def frozen(folder: Path) -> list[str]:
    """Return what is wrong with the files of the frozen folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(folder).as_posix()
        if build_slim.GPL_ONLY.search(name):
            found.append(f"{name} is under the GPL alone: leave it out in build_slim.py.")
        elif build_slim.ADDONS.search(name):
            found.append(f"{name} belongs to Qt's Addons, which nothing here uses: leave it out.")
        elif path.suffix == ".pyi" or re.search(r"(?:^|/)tests?/", name):
            found.append(f"{name} is of no use to a person who runs the program: leave it out.")
        elif not path.is_symlink():
            found += _inside(path, name)
    return [*found, *_unclaimed(folder)]


def _inside(path: Path, name: str) -> list[str]:
    """Return what is wrong inside one file."""
    found = []
    with path.open("rb") as file:
        start = file.read(4)
    if start in _MACH_O:
        found += mach_o(path, name)
    is_paper = name.startswith(("_internal/licences/", "licences/")) or "/licenses/" in name
    if path.suffix in _TEXTS and not is_paper and not name.endswith("METADATA"):
        content = path.read_bytes()
        if start != b"\x7fELF" and _REGISTRY.search(content):
            found.append(f"{name} names a package registry: leave the file out.")
        if start != b"\x7fELF" and _WORDS_OF_GPL.search(content):
            found.append(f"{name} holds the GPL: find out what it belongs to and leave that out.")
    return found


def mach_o(path: Path, name: str, minimum: tuple[int, int] = MACOS_MINIMUM) -> list[str]:
    """Return the finding for a Mach-O file that needs a newer macOS than the program is for."""
    newest = max((part.needs for part in slices(path)), default=(0, 0))
    if newest <= minimum:
        return []
    return [
        f"{name} needs macOS {newest[0]}.{newest[1]}, and the program promises "
        f"{minimum[0]}.{minimum[1]}: take an older wheel or promise less."
    ]


def _unclaimed(folder: Path) -> list[str]:
    """Return the libraries that no licence of the table covers."""
    told: dict[str, Any] = tomllib.loads((PACKAGING / "licences.toml").read_text("utf-8"))
    parts = [re.compile(part["holds"]) for part in told["parts"].values() if "holds" in part]
    owners = {re.sub(r"[-_.]", "", name.lower()) for name in told["libraries"]}
    # What a wheel calls itself and what it calls its folder differ for these.
    owners |= {"pil", "pypdfium2raw", "pyside6", "bidi", "cffibackend", "app"}
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not _LIBRARY.search(path.name):
            continue
        name = path.relative_to(folder).as_posix().removeprefix("_internal/")
        first = re.sub(r"[-_]|\.(?:libs|cpython|abi3|so|pyd).*$", "", name.split("/")[0].lower())
        if first not in owners and not any(part.search(name) for part in parts):
            found.append(f"{name} has no licence in licences.toml: add the part it belongs to.")
    return found


def sizes(dist: Path, most: dict[str, int] = MOST_MB) -> list[str]:
    """Return what is larger than it may be."""
    found = []
    for pattern, megabytes in most.items():
        for path in sorted(dist.glob(pattern)):
            size = build_place.size_of(path) if path.is_dir() else path.stat().st_size
            if size > megabytes * 1e6:
                found.append(
                    f"{path.name} is {size / 1e6:.1f} MB, more than {megabytes}: see what came in."
                )
    return found


def _stale() -> list[str]:
    checks: Iterable[Callable[[], None]] = (build_notices.refuse_stale, build_sbom.refuse_stale)
    found = []
    for check in checks:
        try:
            check()
        except BuildError as error:
            found.append(str(error))
    return found
