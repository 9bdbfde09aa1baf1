"""Hand a PDF to the print system of a Mac or of Linux as it is: sharp text, nothing in between.

`lp` and `lpstat` are the same on both (CUPS). Windows takes no PDF: there is no queue here then.
Any thread; each call waits for the print system, which may be on another computer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.system.faults import MachineError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WAIT_S: Final = 15
SIDES: Final = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
"""Words of IPP (RFC 8011, 5.2.8); "" leaves it to the printer."""
MEDIA: Final = {"a4": "A4", "letter": "Letter"}
_SIZE = re.compile(r"^PageSize/[^:]*:(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """What a job asks of the printer; an empty `sides` leaves it to the printer."""

    paper: str = "a4"
    sides: str = ""
    monochrome: bool = False


def takes_pdf() -> bool:
    """Tell whether this computer has a print system that takes PDF."""
    if sys.platform == "win32":  # a Unix toolbox may bring an lp, which has no printers
        return False
    return shutil.which("lp") is not None and shutil.which("lpstat") is not None


def queues() -> list[str]:
    """Return the names of the printers, the usual one first; none where there is no system."""
    if not takes_pdf():
        return []
    names = _said(["lpstat", "-e"]).split()
    usual = _said(["lpstat", "-d"]).rpartition(":")[2].strip()
    return sorted(names, key=lambda name: (name != usual, name.lower()))


def usual_media(queue: str) -> str:
    """Return "a4" or "letter" when the printer's usual paper is one of them, else ""."""
    found = _SIZE.search(_said(["lpoptions", "-p", queue, "-l"]))
    for size in found[1].split() if found else ():
        if size.startswith("*"):
            bare = size[1:].partition(".")[0].lower()
            return bare if bare in MEDIA else ""
    return ""


def job_options(options: PrintOptions) -> list[str]:
    """Return the options of `lp`: the sheet as it is, never scaled to another one."""
    told = [f"media={MEDIA[options.paper]}", "print-scaling=none"]
    if options.sides:
        told.append(f"sides={options.sides}")
    if options.monochrome:
        # The first is the standard's word (PWG 5100.13), the second that of PostScript drivers.
        told += ["print-color-mode=monochrome", "ColorModel=Gray"]
    return [word for each in told for word in ("-o", each)]


def print_file(path: Path, queue: str, title: str, options: PrintOptions) -> str:
    """Hand a PDF over; return the job's name. The file may be deleted afterwards.

    Raises:
        MachineError: the print system refuses it, in its own words, or does not answer.
    """
    words = ["lp", "-d", queue, "-t", title, *job_options(options), "--", str(path)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(
            "The print system does not answer. Save the PDF, or open it in the viewer and print "
            "it there.",
            code="not_printed",
        ) from error
    if done.returncode:
        reason = " ".join((done.stderr or done.stdout).split()).removeprefix("lp: ").rstrip(".")
        raise MachineError(
            f"{queue} did not take {title}: {reason}. Choose another printer, or save the PDF.",
            code="not_printed",
        )
    found = re.search(r"request id is (\S+)", done.stdout)
    return found[1] if found else ""


def _said(words: Sequence[str]) -> str:
    """Return what a program answers in English, "" when it cannot."""
    try:
        done = subprocess.run(
            ["env", "LC_ALL=C", *words],
            capture_output=True,
            text=True,
            timeout=_WAIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
