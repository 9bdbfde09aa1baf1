"""What is asked of the print system, and what it answers: with programs of our own, and CUPS."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.system import printers
from app.system.faults import MachineError
from app.system.printers import PrintOptions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no lp")

ANSWERS = {
    "lpstat": """case "$1" in -e) printf "Front\\nBack\\nAttic\\n";; \
-d) echo "system default destination: Back";; esac""",
    "lpoptions": 'echo "PageSize/Media Size: A4 *Letter Legal"',
    "lp": 'printf "%s\\n" "$@" > "$(dirname "$0")/asked"; echo "request id is Back-7 (1 file(s))"',
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of programs that stand for those of CUPS."""
    for name, answer in ANSWERS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_the_usual_printer_comes_first(programs: Path) -> None:
    del programs
    assert printers.queues() == ["Back", "Attic", "Front"]
    assert printers.usual_media("Back") == "letter"


@pytest.mark.parametrize(("system", "takes"), [("linux", True), ("darwin", True), ("win32", False)])
def test_windows_has_no_way_for_pdf_even_where_an_lp_was_installed(
    programs: Path, monkeypatch: pytest.MonkeyPatch, system: str, takes: bool
) -> None:
    del programs
    monkeypatch.setattr(sys, "platform", system)
    assert printers.takes_pdf() is takes
    assert bool(printers.queues()) is takes


def test_a_job_is_asked_for_its_own_sheet_and_never_scaled(programs: Path) -> None:
    options = PrintOptions("letter", "two-sided-long-edge", monochrome=True)
    job = printers.print_file(programs / "a b.pdf", "Back", "-t INC-7", options)
    asked = (programs / "asked").read_text().splitlines()
    assert job == "Back-7"
    assert asked[:4] == ["-d", "Back", "-t", "-t INC-7"]
    assert asked[-2:] == ["--", str(programs / "a b.pdf")]
    told = [asked[at + 1] for at, word in enumerate(asked) if word == "-o"]
    assert told[:3] == ["media=Letter", "print-scaling=none", "sides=two-sided-long-edge"]
    assert "print-color-mode=monochrome" in told
    printers.print_file(programs / "x", "Back", "INC-8", PrintOptions())
    asked = (programs / "asked").read_text().splitlines()
    assert [word for word in asked if "=" in word] == ["media=A4", "print-scaling=none"]


def test_a_refusal_is_told_in_the_words_of_the_print_system(programs: Path) -> None:
    (programs / "lp").write_text("#!/bin/sh\necho 'lp: The printer is on fire.' >&2\nexit 1\n")
    with pytest.raises(MachineError, match="Back did not take INC-7: The printer is on fire"):
        printers.print_file(programs / "x.pdf", "Back", "INC-7", PrintOptions())


def test_a_computer_without_a_print_system_has_no_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not printers.takes_pdf()
    assert printers.queues() == []
    with pytest.raises(MachineError, match="does not answer"):
        printers.print_file(tmp_path / "x.pdf", "Back", "INC-7", PrintOptions())


def test_programs_are_run_without_a_shell(programs: Path) -> None:
    printers.print_file(programs / "x.pdf", "Back", "$(touch here); `id`", PrintOptions())
    assert (programs / "asked").read_text().splitlines()[3] == "$(touch here); `id`"
    assert subprocess.run(["ls", "here"], capture_output=True, check=False).returncode
