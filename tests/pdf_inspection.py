"""Validates every PDF that a test makes, in whatever way the program made it.

Three nets, each finer than the last: what a `Document` gives back, what a signature makes of it,
and every file of ours that a test leaves in its folder, which other processes may have written.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.reports import sign
from app.reports.archive import PRODUCER
from app.reports.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_OURS = f"<pdf:Producer>{PRODUCER}<".encode()


def failed_rules(pdf: bytes) -> list[str]:
    """Return the rules of PDF/A-3a and of PDF/UA-1 that a PDF breaks, each with its reason."""
    import page

    limits = page.SafetyLimits.unlimited()
    try:
        reports = [
            page.validate_pdf_bytes(pdf, profile=name, limits=limits) for name in ("3a", "ua1")
        ]
    except page.ParseError as error:
        return [str(error)]
    return [f"{failed.rule_id}: {failed.message}" for one in reports for failed in one.failures]


class Inspection:
    """Validates each PDF as it is made, on whatever thread, and keeps what it breaks."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.paused = False
        self.seen: set[bytes] = set()

    def stand_behind(self, patch: pytest.MonkeyPatch) -> None:
        """Look at what the two places give back in which the program finishes a PDF."""
        finish, sign_report = Document.finish, sign.sign_report

        def finished(document: Document) -> bytes:
            return self.look(finish(document))

        def signed(*given: Any) -> bytes:
            return self.look(sign_report(*given))

        patch.setattr(Document, "finish", finished)
        patch.setattr(sign, "sign_report", signed)

    def look(self, pdf: bytes, where: str = "") -> bytes:
        """Validate a PDF that was not seen before, and return it."""
        digest = sha256(pdf).digest()
        if not self.paused and digest not in self.seen:
            self.broken += [f"{where}{rule}" for rule in failed_rules(pdf)]
            self.seen.add(digest)
        return pdf

    def look_through(self, folder: Path, *, spoilt: bool = False) -> None:
        """Validate the files of ours in a folder; those of other programs promise nothing.

        What was `spoilt` on purpose is never looked at again.
        """
        for path in sorted(folder.rglob("*.pdf")):
            if not path.is_file() or _OURS not in (content := path.read_bytes()):
                continue
            if spoilt:
                self.seen.add(sha256(content).digest())
            self.look(content, f"{path.name}: ")

    def found(self) -> list[str]:
        """Return what was broken since it was asked last."""
        found, self.broken = self.broken, []
        return found
