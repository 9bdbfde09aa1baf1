"""The frozen program and its Debian package: built, proven by their own self-test, taken away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
BUILD_S, CHROOT_S = 1_500, 900

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.timeout(BUILD_S + CHROOT_S),
    pytest.mark.skipif(sys.platform != "linux", reason="the other systems do this in a workflow"),
]


def _has(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: python3 packaging/dev.py test --all installs it")


@pytest.fixture(scope="module")
def package(frozen: Path, build: Callable[..., str]) -> Path:
    """Give the Debian package of the frozen program."""
    _has("dpkg-shlibdeps", "dpkg-deb")
    build("deb")
    (found,) = frozen.parent.parent.glob("*.deb")
    return found


def _answer(stdout: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(stdout)
    assert told["ok"], told
    assert told["frozen"]
    steps = {step["step"]: step for step in told["steps"]}
    assert list(steps) == ["migrate", "work", "report", "sign", "screens"]
    assert steps["sign"]["signs"], "the part that signs is frozen too"
    return told


def test_the_frozen_program_passes_its_self_test(frozen: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(frozen), "--selftest", str(tmp_path / "it")],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    _answer(done.stdout)
    assert done.returncode == 0
    assert len(list((tmp_path / "it" / "screens").glob("*.png"))) > 25


def test_the_check_finds_nothing_wrong_with_what_was_built(
    package: Path, build: Callable[..., str]
) -> None:
    assert package.stat().st_size <= 65e6
    assert "Nothing is wrong with what is shipped." in build("check")


def test_the_package_is_what_debian_and_software_centres_expect(
    package: Path, tmp_path: Path
) -> None:
    _has("desktop-file-validate", "appstreamcli")
    subprocess.run(["dpkg-deb", "-x", str(package), str(tmp_path)], check=True)
    share = tmp_path / "usr" / "share"
    desktop = share / "applications" / "incident-desk.desktop"
    subprocess.run(["desktop-file-validate", str(desktop)], check=True)
    assert "MimeType=x-scheme-handler/incident-desk;" in desktop.read_text("utf-8")
    (metainfo,) = (share / "metainfo").glob("*.xml")
    words = ["appstreamcli", "validate", "--no-net", "--no-color", str(metainfo)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    icons = {path.parent.parent.name for path in share.rglob("icons/**/incident-desk.*")}
    assert {"16x16", "32x32", "48x48", "128x128", "256x256", "scalable"} <= icons
    papers = {path.name for path in (share / "doc" / "incident-desk").iterdir()}
    assert {"copyright", "NOTICES.txt", "sbom.cdx.json", "changelog.gz"} <= papers
    control = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Depends"], capture_output=True, text=True, check=True
    ).stdout
    assert "libc6 (>=" in control
    assert "libxcb-cursor0" in control
    rights = {oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*") if path.is_file()}
    assert rights <= {"0o644", "0o755"}


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[Path]:
    """Give a clean Debian 12 that a package can be installed in; root and a mirror are needed."""
    _has("debootstrap", "unshare")
    if os.geteuid() != 0:
        pytest.skip("only root may make and enter another Debian")
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    lists = sources.read_text("utf-8") if sources.is_file() else ""
    mirrors = [line.split()[1] for line in lists.splitlines() if line.startswith("URIs:")]
    place = tmp_path / "debian"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", str(place), *mirrors[:1]],
        capture_output=True,
        text=True,
        check=False,
        timeout=CHROOT_S,
    )
    if made.returncode:
        pytest.skip(f"no Debian could be fetched: {made.stdout.strip().splitlines()[-1]}")
    for source in [Path("/etc/apt/apt.conf.d/99artifact-registry"), sources]:
        if source.is_file():
            shutil.copy(source, place / source.relative_to("/"))
    yield place
    shutil.rmtree(place)


def _inside(debian: Path, script: str) -> str:
    """Run a script in the other Debian, in a name space whose mounts end with it."""
    entering = (
        f'mount -t proc proc "{debian}/proc"; mount --rbind /dev "{debian}/dev"; '
        f'exec chroot "{debian}" /bin/sh -ec "$1"'
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-ec", entering, "sh", script],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
        timeout=CHROOT_S,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


def test_a_clean_debian_installs_runs_and_removes_the_package(package: Path, debian: Path) -> None:
    shutil.copy(package, debian / "incident-desk.deb")
    install = "apt-get -qq -y --no-install-recommends install /incident-desk.deb"
    _inside(debian, f"apt-get -qq update; {install} >&2")
    assert (debian / "usr/lib/incident-desk/incident-desk").is_file()
    _inside(debian, "useradd -m ana; su ana -c 'incident-desk --help' >&2")
    told = _inside(debian, "su ana -c 'cd; incident-desk --selftest /home/ana/it' 2>/dev/null")
    _answer(told)
    _inside(debian, "dpkg --remove incident-desk >&2")
    left = list((debian / "usr").rglob("*incident-desk*"))
    assert left == []
    assert (debian / "home/ana/it/selftest.json").is_file(), "a person's files stay"
