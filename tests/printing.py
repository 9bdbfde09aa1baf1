"""A print system for a test: CUPS of its own, with one queue that makes PDF files."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

QUEUE = "PDF"
_PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
_SERVER = """\
Listen {place}/sock
LogLevel debug
WebInterface No
Browsing No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {place}/root
RequestRoot {place}/spool
TempDir {place}/spool/tmp
CacheDir {place}/cache
StateDir {place}/run
AccessLog {place}/access
ErrorLog {place}/error
PageLog {place}/page
SystemGroup root lpadmin
Sandboxing relaxed
"""


class PrintSystem:
    """The queue; printed files stand in the home folder of the person, as CUPS-PDF puts them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._out = Path(pwd.getpwuid(os.getuid()).pw_dir) / "PDF"
        self._were = self._files()
        self._had_folder = self._out.is_dir()

    def _files(self) -> set[Path]:
        return set(self._out.glob("*.pdf")) if self._out.is_dir() else set()

    def printed(self, count: int = 1) -> list[Path]:
        """Wait for files that were printed; return them."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = sorted(self._files() - self._were)
            whole = [one for one in found if one.read_bytes().rstrip().endswith(b"%%EOF")]
            if len(whole) >= count:
                return whole
            time.sleep(0.2)
        pytest.fail(f"{count} printed file(s) never came\n{self.told()[-3000:]}")

    def told(self) -> str:
        """Return the log of the print system."""
        return (self.place / "error").read_text(errors="replace")

    def options(self) -> list[dict[str, str]]:
        """Return what each job asked of the printer, in the order of the jobs."""
        jobs: dict[str, dict[str, str]] = {}
        for job, words in re.findall(r"\[Job (\d+)\] argv\[5\]=\"(.*)\"", self.told()):
            jobs[job] = dict(word.split("=", 1) for word in words.split() if "=" in word)
        return list(jobs.values())

    def clear(self) -> None:
        """Take away what was printed."""
        for one in self._files() - self._were:
            one.unlink()
        if not self._had_folder and self._out.is_dir():
            with contextlib.suppress(OSError):
                self._out.rmdir()


@contextlib.contextmanager
def print_system() -> Iterator[PrintSystem]:
    """Run CUPS with the queue, or skip; `CUPS_SERVER` leads to it meanwhile."""
    missing = [name for name in ("lp", "lpadmin", "cupsd") if not shutil.which(name)]
    if missing or not _PPD.is_file():
        pytest.skip("CUPS with CUPS-PDF is not installed (cups, printer-driver-cups-pdf)")
    if os.getuid() != 0:
        pytest.skip("a print system of its own needs the rights of root")
    place = Path(f"/tmp/print-{os.getpid()}")
    with contextlib.ExitStack() as after, pytest.MonkeyPatch.context() as patch:
        after.callback(shutil.rmtree, place, ignore_errors=True)
        for name in ("root/ppd", "spool/tmp", "cache", "run"):
            (place / name).mkdir(parents=True)
        shutil.chown(place, group="lp")
        for one in place.rglob("*"):
            shutil.chown(one, group="lp")
            one.chmod(0o770)
        place.chmod(0o755)
        (place / "cupsd.conf").write_text(_SERVER.format(place=place))
        (place / "cups-files.conf").write_text(_FILES.format(place=place))
        server = subprocess.Popen(
            ["cupsd", "-f", "-c", str(place / "cupsd.conf"), "-s", str(place / "cups-files.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        after.callback(server.wait, 20)
        after.callback(server.terminate)
        patch.setenv("CUPS_SERVER", str(place / "sock"))
        add = ["lpadmin", "-p", QUEUE, "-E", "-v", "cups-pdf:/", "-P", str(_PPD)]
        for _ in range(50):
            done = subprocess.run(add, capture_output=True, text=True, timeout=20, check=False)
            if done.returncode == 0:
                break
            time.sleep(0.2)
        else:
            pytest.skip(f"CUPS does not start here: {done.stderr.strip()}")
        system = PrintSystem(place)
        after.callback(system.clear)
        yield system
