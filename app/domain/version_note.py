"""What a version file of the team says, and whether that is newer than this program.

The file is one line, `1.2.0 https://example.org/desk What it brings`, or a JSON object with
"version" and, if wanted, "address" and "words". It is words to show and never run or followed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.domain.catalogue import shortened
from app.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from app.domain.catalogue import DataReader

MAX_BYTES: Final = 16_384
"""A larger file is refused before it is read to its end."""
LONGEST_WORDS: Final = 2_000
LONGEST_ADDRESS: Final = 500
_VERSION = re.compile(r"v?([0-9]{1,6}(?:\.[0-9]{1,6}){1,3})")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?")


@dataclass(frozen=True, slots=True)
class VersionNote:
    """A version that there is, where to get it, and what is said of it (the last two may be "").

    Args:
        version: Numbers with points, such as 1.2.0.
        address: Of a page, https only.
        words: Plain text.
    """

    version: str
    address: str = ""
    words: str = ""

    def to_data(self) -> dict[str, str]:
        """Return what `from_data` reads again."""
        return {"version": self.version, "address": self.address, "words": self.words}

    @classmethod
    def from_data(cls, data: Any) -> VersionNote:
        """Read a note out of a JSON object; raises InvalidInputError for what is none."""
        if not isinstance(data, dict):
            raise InvalidInputError("The version file is no JSON object with a version in it.")
        for key in ("version", "address", "words"):
            if not isinstance(data.get(key, ""), str):
                raise InvalidInputError(f'The version file has a "{key}" that is no text.')
        words = _plain(data.get("words", ""))
        return cls(_version(data.get("version", "")), _address(data.get("address", "")), words)


def parse(content: bytes) -> VersionNote:
    """Read the content of a version file.

    Raises:
        InvalidInputError: it is too large or says no version; the sentence names what is wrong.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInputError(
            f"The version file is larger than {MAX_BYTES // 1024} KB: write the version, an "
            "address and a few words."
        )
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise InvalidInputError("The version file is not written in UTF-8.") from None
    if text.startswith("{"):
        try:
            return VersionNote.from_data(json.loads(text))
        except (ValueError, RecursionError):
            raise InvalidInputError("The version file is broken JSON.") from None
    first, _, rest = text.partition(" ") if " " in text.split("\n")[0] else text.partition("\n")
    rest = rest.strip()
    address = ""
    if "://" in rest[:12]:
        address, *left = rest.split(maxsplit=1)
        rest = left[0] if left else ""
    return VersionNote(_version(first), _address(address), _plain(rest))


def is_newer(version: str, than: str) -> bool:
    """Compare by numbers: 1.10 is newer than 1.9, and 1.2 is the same as 1.2.0.

    What follows the numbers, as in 1.2.0rc1, does not count.
    """
    return _numbers(version) > _numbers(than)


def check_notice_address(read: DataReader, key: str, text: str) -> None:
    """Refuse what is no https address for the setting of that key."""
    if len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text):
        raise read.refuse(
            key, f'cannot be "{shortened(text)}". Write an address that begins with https://.'
        )


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?([0-9]+(?:\.[0-9]+)*)", version.strip())
    parts = [int(part[:9]) for part in found[1].split(".")] if found else []
    return (*parts, 0, 0, 0, 0)[:4]


def _version(text: str) -> str:
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        shown = shortened(text.strip()) or "nothing"
        raise InvalidInputError(
            f'The version file says "{shown}" where a version such as 1.2.0 is expected.'
        )
    return found[1]


def _address(text: str) -> str:
    address = text.strip()
    if address and (len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        raise InvalidInputError(
            f'The version file has the address "{shortened(address)}", which does not begin with '
            "https:// or is no address."
        )
    return address


def _plain(text: str) -> str:
    kept = "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()
    return kept if len(kept) <= LONGEST_WORDS else kept[: LONGEST_WORDS - 1].rstrip() + "…"
