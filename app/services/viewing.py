"""Reads a file of an incident for the viewer of the program: the bytes of a picture, or text.

Of a long text only the beginning is read. Safe on any thread that has its own desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.errors import InvalidInputError
from app.intake.byte_source import ByteSource, Watch
from app.intake.encoding import detect_encoding
from app.storage import attachments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.incident_record import Attachment
    from app.services.desk import Desk

BEGINNING = 1 << 20
"""Bytes of a text that are shown."""
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"})
PICTURE_KINDS = (*sorted(kind.removeprefix("image/") for kind in _PICTURES), "jpg")
_FILE_OF_ANOTHER = (
    "{0} is no text and no picture that can be shown here. Open it with its own program."
)


class Viewed(NamedTuple):
    """What the viewer shows: the bytes of a picture, or the text and whether it is all of it."""

    file: Attachment
    picture: bytes = b""
    text: str = ""
    whole: bool = True


def view(desk: Desk, file: Attachment, *, limit: int = BEGINNING) -> Viewed:
    """Read a file to look at, verified; of a text at most `limit` bytes, up to a whole line.

    Raises:
        NotFoundError: the file is missing on this computer.
        StoreError: its content no longer matches its digest.
        InvalidInputError: it is neither text nor a picture.
    """
    content = attachments.read(desk.profile.attachments, file.sha256)
    if file.media_type in _PICTURES:
        return Viewed(file, picture=content)
    if not content:
        return Viewed(file)
    source = ByteSource(content, name=file.name)
    try:
        encoding = detect_encoding(source, Watch()).name
    except InvalidInputError as error:
        raise InvalidInputError(_FILE_OF_ANOTHER.format(file.name), code="not_shown") from error
    beginning = source.head(limit + 1)
    whole = len(beginning) <= limit
    text = beginning[:limit].decode(encoding, "replace")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    return Viewed(file, text=text, whole=whole)


def cited(file: Attachment, first_line: int, lines: list[str]) -> str:
    """Return the note that cites lines of a file: `name:line`, then the lines as they stand."""
    last = first_line + len(lines) - 1
    place = f"{first_line}" if last == first_line else f"{first_line}-{last}"
    return "\n".join([f"{file.name}:{place}", *lines])


def cited_lines(lines: Iterable[tuple[Attachment, int, str]]) -> str:
    """Return the note that cites lines, each with its file and number: one block for each run."""
    blocks: list[tuple[Attachment, int, list[str]]] = []
    for file, number, text in lines:
        if blocks and blocks[-1][0] == file and blocks[-1][1] + len(blocks[-1][2]) == number:
            blocks[-1][2].append(text)
        else:
            blocks.append((file, number, [text]))
    return "\n".join(cited(*block) for block in blocks)
