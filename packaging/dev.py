"""Set up a clone and run it: start, test, check, bench, pin.

    python3 packaging/dev.py start   open the program on sample data
    python3 packaging/dev.py test    run the tests (--all: the long ones too; more words: pytest's;
                                     -m marathon: 20,000 schedules of sharing, for hours)
    python3 packaging/dev.py check   style, types, who imports whom, house rules
    python3 packaging/dev.py bench   run the benchmarks and print ratios (--million: full size)
    python3 packaging/dev.py pin     write the pinned requirements anew (needs uv)

Each command first makes `.venv` and installs what is missing, so that a fresh clone needs nothing
but Python. It uses the standard library only, because it runs before anything is installed, and it
parses on old Pythons, so that they get a sentence and not a traceback.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the reason why this is a sentence
    sys.exit(
        "Incident Desk needs Python 3.11 or newer, and this is Python {}.{}: "
        "run the same line with a newer one, for example python3.11.".format(*sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
VENV = ROOT / ".venv"
STAMP = VENV / "incident-desk-setup.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# What Qt loads from the system, by Debian's names (house.md).
OFFSCREEN_LIBRARIES = [
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
]
WINDOW_LIBRARIES = [
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
]
# Programs that tests drive, and the Debian package of each: those of the quick ones first.
TEST_PROGRAMS = {
    "pg_ctlcluster": "postgresql",
    "pdftoppm": "poppler-utils",
    "qpdf": "qpdf",
    "mutool": "mupdf-tools",
}
LONG_TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "bindfs": "bindfs",
    "cupsd": "cups",
    "/usr/lib/cups/backend/cups-pdf": "printer-driver-cups-pdf",
    "dovecot": "dovecot-imapd",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "nagios4": "nagios4-core",
    "smbclient": "smbclient",
    "smbd": "samba",
    "dpkg-shlibdeps": "dpkg-dev",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    "debootstrap": "debootstrap",
    "wine": "wine",
    "makensis": "nsis",
    "wixl": "wixl",
    "msiinfo": "msitools",
    "shellcheck": "shellcheck",
    "osslsigncode": "osslsigncode",
    "genisoimage": "genisoimage",
}

# Loads Qt and, by name, the platform plugins, without opening anything.
QT_PROBE = """
import ctypes, pathlib, sys
from PySide6 import QtCore, QtGui, QtWidgets
plugins = pathlib.Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath))
for name in sys.argv[1:]:
    ctypes.CDLL(str(plugins / "platforms" / name))
"""


def say(text: str) -> None:
    """Tell the person what happens, before a wait rather than after it."""
    print(text, file=sys.stderr, flush=True)


def environment(**more: str) -> dict[str, str]:
    """Give a child process the caller's environment less what would lead it to other packages."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


def run(command: list[str], **more: str) -> int:
    """Run a command in the clone, show what it prints and return its exit code."""
    code = subprocess.run(command, cwd=ROOT, env=environment(**more), check=False).returncode
    return code if code >= 0 else 128 - code


def succeeds(command: list[str]) -> tuple[bool, str]:
    """Run a command silently; return whether it went well, and what it said."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        return False, str(error)
    return done.returncode == 0, done.stdout.strip()


# --- Debian packages ----------------------------------------------------------------------------


def may_install() -> list[str] | None:
    """Return the words before `apt-get` that need no password, or None where there are none."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"])[0]:
        return ["sudo", "-n"]
    return None


def apt_line(packages: list[str]) -> str:
    """Return the line that a person can type to install the packages."""
    return "sudo apt-get install " + " ".join(packages)


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages where that needs no password; tell whether it was done."""
    prefix = may_install()
    if prefix is None:
        return False
    say("Installing with apt: " + " ".join(packages))
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "-o", "DPkg::Lock::Timeout=300", "-y", "--no-install-recommends", "install"]
    done, said = succeeds([*install, *packages])
    if not done:  # the lists of a fresh machine are empty or old
        succeeds([*apt, "update"])
        done, said = succeeds([*install, *packages])
    if not done:
        say(said)
    return done


def see_to_qt_libraries(*, window: bool) -> None:
    """Make sure that Qt loads; install the system libraries it lacks, or say what to type."""
    if sys.platform != "linux":
        return
    plugins = ["libqoffscreen.so", *(["libqxcb.so"] if window else [])]
    probe = [str(PYTHON), "-c", QT_PROBE, *plugins]
    loads, said = succeeds(probe)
    if loads:
        return
    packages = OFFSCREEN_LIBRARIES + (WINDOW_LIBRARIES if window else [])
    if apt_install(packages):
        loads, said = succeeds(probe)
        if loads:
            return
    reason = said.splitlines()[-1] if said else "no reason given"
    if shutil.which("apt-get"):
        sys.exit(
            f"Qt cannot load a library of this system ({reason}). Type this line, then run the "
            f"same command again:\n    {apt_line(packages)}"
        )
    sys.exit(
        f"Qt cannot load a library of this system ({reason}): install it with the system's package "
        f"manager. Debian's names for what Qt needs: {' '.join(packages)}."
    )


def see_to_test_programs(*, everything: bool) -> None:
    """Install the programs that tests drive, where it may; their tests skip without them."""
    if sys.platform != "linux":
        return
    programs = TEST_PROGRAMS | (LONG_TEST_PROGRAMS if everything else {})
    packages = [package for name, package in programs.items() if not shutil.which(name)]
    if packages and not apt_install(packages):
        say("Some tests will be skipped; they need: " + apt_line(packages))


# --- the virtual environment --------------------------------------------------------------------


def make_venv() -> None:
    """Make `.venv` unless there is one that works.

    Raises SystemExit with one sentence where this Python cannot make one.
    """
    if succeeds([str(PYTHON), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"])[0]:
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        if not apt_install([package]):
            sys.exit(
                "This Python cannot make a virtual environment (Debian keeps that in a package of "
                f"its own). Type this line, then run the same command again:\n    "
                f"{apt_line([package])}"
            )
    say(f"Making {VENV}")
    base = getattr(sys, "_base_executable", sys.executable)
    made, said = succeeds([base, "-m", "venv", "--clear", str(VENV)])
    if not made:
        say(said)
        sys.exit(f"The virtual environment {VENV} could not be made, for the reason above.")


def digest(requirements: Path) -> str:
    """Return what the installed packages must have been made from, as one hash."""
    hashed = hashlib.sha256()
    for part in (requirements, PACKAGING / "requirements-build.txt", ROOT / "pyproject.toml"):
        hashed.update(part.read_bytes())
    hashed.update((VENV / "pyvenv.cfg").read_bytes() + str(ROOT).encode())
    return hashed.hexdigest()


def install(requirements: Path) -> None:
    """Install the pinned packages and the clone itself, unless exactly that was done before."""
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        stamps = {}
    wanted = digest(requirements)
    if stamps.get(requirements.name) == wanted:
        return
    STAMP.unlink(missing_ok=True)
    say("Installing the pinned packages into .venv (about 150 MB to fetch the first time)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    build = PACKAGING / "requirements-build.txt"
    pinned = ["--require-hashes", "-r", str(requirements), "-r", str(build)]
    code = run([*pip, *pinned]) or run([*pip, "--no-build-isolation", "--editable", str(ROOT)])
    if code:
        sys.exit(
            "The packages could not be installed; pip's own reason is above. Behind a proxy, set "
            "HTTPS_PROXY or pip's configuration. The libraries need 64-bit Windows 10, macOS 15 on "
            "Apple silicon, or Linux with glibc 2.34 (Debian 12, Ubuntu 22.04), or newer."
        )
    stamps[requirements.name] = wanted
    STAMP.write_text(json.dumps(stamps), "utf-8")


QUICK = "not slow and not benchmark and not real_window and not packaging and not marathon"
ALONE = "(benchmark or real_window or packaging) and not marathon"
TOGETHER = "not benchmark and not real_window and not packaging and not marathon"
NOTHING_COLLECTED = 5


# --- the commands -------------------------------------------------------------------------------


def start(words: list[str]) -> int:
    """Open the demo; with no display it works headless and says where it left its files."""
    make_venv()
    install(PACKAGING / "requirements.txt")
    see_to_qt_libraries(window=bool(os.environ.get("DISPLAY")))
    return run([str(PYTHON), "-m", "app", "demo", *words])


def prepare_tests() -> None:
    """Install what every command below needs."""
    make_venv()
    install(PACKAGING / "requirements-test.txt")


def pytest(*words: str, **more: str) -> int:
    """Run pytest with no window, whatever display the caller has; `more` is for its environment."""
    return run([str(PYTHON), "-m", "pytest", *words], QT_QPA_PLATFORM="offscreen", **more)


def test(words: list[str]) -> int:
    """Run the tests; without --all or a marker expression, only those that are quick.

    What takes a quarter of an hour (marathon) runs only when it is named.
    """
    prepare_tests()
    everything = "--all" in words
    long = everything or "-m" in words
    see_to_test_programs(everything=long)
    see_to_qt_libraries(window=long)
    words = [word for word in words if word != "--all"]
    if "-m" in words:
        return pytest(*words)
    if not everything:
        return pytest("-m", QUICK, *side_by_side(words), *words)
    # What measures time, holds the one keyboard or builds packages runs alone, and first: the
    # last line counts all.
    # A tenth of the size that `bench` measures, so that the run ends well within the hour.
    rows = os.environ.get("INCIDENT_DESK_BENCHMARK_ROWS", "10000")
    alone = pytest("-m", ALONE, *words, INCIDENT_DESK_BENCHMARK_ROWS=rows)
    together = pytest("-m", TOGETHER, *side_by_side(words), *words)
    return together if alone in {0, NOTHING_COLLECTED} else alone


def side_by_side(words: list[str]) -> list[str]:
    """Return pytest's words for one worker per core; a named file or folder runs in one."""
    named = any(not word.startswith("-") for word in words)
    return [] if named or any(word.startswith("-n") for word in words) else ["-n", "auto"]


def check(_words: list[str]) -> int:
    """Run every check, also after one has failed, and name those that did."""
    prepare_tests()
    see_to_qt_libraries(window=False)
    module = [str(PYTHON), "-m"]
    checks = {
        "ruff check": [*module, "ruff", "check", "."],
        "ruff format --check": [*module, "ruff", "format", "--check", "."],
        "mypy --strict": [*module, "mypy", "--strict"],
        "import-linter": [str(PYTHON.with_name("lint-imports")), "--no-logo"],
    }
    failed = []
    for name, command in checks.items():
        say(f"--- {name}")
        if run(command):
            failed.append(name)
    say("--- house rules (tests/architecture)")
    if pytest("-q", "tests/architecture"):
        failed.append("house rules")
    say("Failed: " + ", ".join(failed) if failed else "Every check passed.")
    return 1 if failed else 0


def bench(words: list[str]) -> int:
    """Run the benchmarks one by one and show what they print; --million: at full size."""
    prepare_tests()
    see_to_qt_libraries(window=False)
    if "--million" in words:
        words = [word for word in words if word != "--million"]
        os.environ["INCIDENT_DESK_BENCHMARK_MILLION"] = "1"
    return pytest("-m", "benchmark", "-s", "-q", *words)


def pin(_words: list[str]) -> int:
    """Write the requirement files anew."""
    return run([sys.executable, str(PACKAGING / "pins.py")])


COMMANDS = {"start": start, "test": test, "check": check, "bench": bench, "pin": pin}


def main(words: list[str]) -> int:
    """Run the command that the first word names."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if words else 2
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"There is no command {words[0]!r}; there are: {', '.join(COMMANDS)}.")
        return 2
    try:
        return command(words[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
