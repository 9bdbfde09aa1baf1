"""Asks by the system's own dialog where to save, and gives a name its ending on every system.

Windows and macOS add the ending that is missing and ask about a file of that name; the dialogs of
Linux do neither for the name with its ending. GUI thread only.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def ask_save_place(parent: QWidget, title: str, start: str, kinds: str) -> Path | None:
    """Return where to save; None when nothing was chosen.

    Of several kinds an ending that was typed says which, so it stays. When a file has the name
    that an added ending makes, the dialog opens again with it, and so asks about it.

    Args:
        parent: The window that asks.
        title: Of the dialog.
        start: The name that is offered, with or without a folder.
        kinds: As Qt has them: "PDF (*.pdf)", several with ;; between.
    """
    while True:
        chosen, kind = QFileDialog.getSaveFileName(parent, title, start, kinds)
        if not chosen:
            return None
        path = with_ending(Path(chosen), kind or kinds.partition(";;")[0], several=";;" in kinds)
        if path == Path(chosen) or not path.exists():
            return path
        start = str(path)


def with_ending(path: Path, kind: str, *, several: bool) -> Path:
    """Return a path with the first ending of a kind unless it has one of them."""
    endings = re.findall(r"\*(\.[^\s);]+)", kind)
    if not endings or path.name.lower().endswith(tuple(one.lower() for one in endings)):
        return path
    if several and path.suffix:
        return path
    return path.with_name(f"{path.name.rstrip('.')}{endings[0]}")
