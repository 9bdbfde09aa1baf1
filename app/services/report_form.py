"""Writes the one-page form for the intranet, through which users report incidents themselves.

The page is one file without anything from elsewhere: it works offline and from a share. With an
address it makes a mail (no script at all); with a drop folder its own short script makes the file
that the folder's reader takes. Its content policy allows that script by its digest alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.domain.errors import InvalidInputError
from app.intake.safe_write import whole_file
from app.system.assets import asset_path

if TYPE_CHECKING:
    from pathlib import Path

_ADDRESS = re.compile(r"[^\s@<>\"',;:?&%\\]{1,64}@[^\s@<>\"',;:?&%\\/]{1,190}")
_HOLE = re.compile(r"@(\w+)@")


def form_page(*, mail: str = "", drop: str = "") -> str:
    """Return the page.

    Args:
        mail: the address that reports are sent to, or
        drop: the folder that report files are put into, as users see it.

    Raises:
        InvalidInputError: neither or both are given, or the address cannot be used.
    """
    if bool(mail) == bool(drop):
        raise InvalidInputError("Say where reports go: an address (--mail) or a folder (--drop).")
    if mail and not _ADDRESS.fullmatch(mail):
        raise InvalidInputError(f"{mail!r} is no address that mail can be sent to.", field="mail")
    holes = _by_mail(mail) if mail else _by_file(drop)
    page = asset_path("report_form", "form.html").read_text("utf-8")
    return _HOLE.sub(lambda hole: holes[hole[1]], page)


def write_form(path: Path, *, mail: str = "", drop: str = "") -> Path:
    """Write the page and return where; raise WriteError when it cannot be, and leave nothing."""
    page = form_page(mail=mail, drop=drop)
    with whole_file(path) as file:
        file.write(page.encode())
    return path


def _by_mail(mail: str) -> dict[str, str]:
    target = f"mailto:{quote(mail, safe='@')}?subject={quote('Incident report')}"
    return {
        "policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
        "intro": "Fill in the form and press the button: your mail program opens with your report, "
        "and you send it.",
        "form": f'method="post" enctype="text/plain" action="{html.escape(target)}"',
        "button": "Write the mail",
        "noscript": "",
        "script": "",
    }


def _by_file(drop: str) -> dict[str, str]:
    script = asset_path("report_form", "save.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    folder = html.escape(drop)
    return {
        "policy": f"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src 'sha256-{digest}'",
        "intro": "Fill in the form and press the button: your browser saves your report as a file. "
        f"Put that file into the folder <strong>{folder}</strong>.",
        "form": "",
        "button": "Save the report",
        "noscript": "<noscript><p>This page needs its own script to save the file. Please call "
        "your help desk instead.</p></noscript>",
        "script": f"<script>{script}</script>",
    }
