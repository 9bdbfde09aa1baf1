"""Collect the messages of the reports, keep their catalogues in step with them, compile these.

Run by whoever changes a word of a report, and by the tests with `--check`:

    python packaging/messages.py          # bring every reports.po up to date and compile it
    python packaging/messages.py --check  # only say what is not up to date

A catalogue is a plain gettext file (resources/i18n/CODE/LC_MESSAGES/reports.po), so Poedit, msgfmt
and translation services read it. Standard library only: the messages of a report are literals in
calls of `text`, `counted` and `Message`, which the Python parser finds better than a pattern does.
"""

from __future__ import annotations

import argparse
import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "app" / "reports"
CATALOGUES = ROOT / "resources" / "i18n"
_LINE = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")$')
_WIDTH = 96


class Key(NamedTuple):
    """What names a message: its context and its English words."""

    context: str
    text: str


@dataclass
class Entry:
    """A message of a catalogue with its translation, one form or several."""

    key: Key
    plural: str = ""
    forms: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether every form is translated."""
        return bool(self.forms) and all(self.forms)


class NotLiteralError(ValueError):
    """A message that is put together while the program runs: nobody can translate it."""


def collect(source: Path = SOURCE) -> dict[Key, Entry]:
    """Return every message of a folder of Python files, in the order of their places."""
    found: dict[Key, Entry] = {}
    for path in sorted(source.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
            _take(call, f"{source.name}/{path.name}", found)
    return found


def _take(call: ast.Call, place: str, found: dict[Key, Entry]) -> None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "Message":
        context = _literal(call.args[1], place) if len(call.args) > 1 else ""
        entry = Entry(Key(context, _literal(call.args[0], place)))
    elif name == "text" and isinstance(call.func, ast.Attribute) and call.args:
        entry = Entry(Key("", _literal(call.args[0], place)))
    elif name == "counted" and isinstance(call.func, ast.Attribute):
        entry = Entry(Key("", _literal(call.args[0], place)), _literal(call.args[1], place))
    else:
        return
    known = found.setdefault(entry.key, entry)
    if known.plural != entry.plural:
        raise NotLiteralError(f"{place}: {entry.key.text!r} has a plural here and another there.")
    if place not in known.places:
        known.places.append(place)


def _literal(node: ast.expr, place: str) -> str:
    """Return a literal; a constant name stands for the context only, and is looked up."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return _constant(node.id, place)
    raise NotLiteralError(f"{place}, line {node.lineno}: a message must be a literal.")


def _constant(name: str, place: str) -> str:
    tree = ast.parse((SOURCE.parent / place).read_text("utf-8"))
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id == name and isinstance(value, ast.Constant):
            return str(value.value)
    raise NotLiteralError(f"{place}: {name} is no literal of this file.")


def read_po(text: str) -> tuple[str, dict[Key, Entry]]:
    """Return the head of a catalogue and its entries."""
    head, entries = "", {}
    for block in re.split(r"\n\s*\n", text.strip()):
        values: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            match = _LINE.match(line)
            if match:
                current = match[1]
                values[current] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                values[current] += ast.literal_eval(line)
        if "msgid" not in values:
            continue
        forms = [value for name, value in sorted(values.items()) if name.startswith("msgstr")]
        if not values["msgid"]:
            head = forms[0]
            continue
        key = Key(values.get("msgctxt", ""), values["msgid"])
        entries[key] = Entry(key, values.get("msgid_plural", ""), forms)
    return head, entries


def updated(head: str, known: dict[Key, Entry], wanted: dict[Key, Entry]) -> str:
    """Write a catalogue of the wanted messages; what was translated stays, the rest is empty."""
    count = int((re.search(r"nplurals=(\d)", head) or ["", "2"])[1])
    blocks = [
        "\n".join(['msgid ""', 'msgstr ""', *(_quoted(f"{one}\n") for one in head.splitlines())])
    ]
    for key, entry in wanted.items():
        old = known.get(key)
        forms = old.forms if old is not None and old.plural == entry.plural else []
        lines = [f"#: {place}" for place in entry.places]
        if key.context:
            lines.append(f"msgctxt {_quoted(key.context)}")
        lines += _lines("msgid", key.text)
        if entry.plural:
            lines += _lines("msgid_plural", entry.plural)
            forms = forms or [""] * count
            for number, form in enumerate(forms):
                lines += _lines(f"msgstr[{number}]", form)
        else:
            lines += _lines("msgstr", forms[0] if forms else "")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _lines(name: str, text: str) -> list[str]:
    """Write a value on one line, a long one on several below its name."""
    if len(text) < _WIDTH - len(name):
        return [f"{name} {_quoted(text)}"]
    pieces, rest = [], text
    while len(rest) > _WIDTH:
        cut = rest.rfind(" ", 1, _WIDTH) + 1 or _WIDTH
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [f'{name} ""', *(_quoted(piece) for piece in [*pieces, rest])]


def compiled(head: str, entries: dict[Key, Entry]) -> bytes:
    """Return a catalogue as gettext reads it (GNU gettext manual, "The Format of GNU MO Files")."""
    pairs: list[tuple[bytes, bytes]] = [(b"", head.encode())]
    for key, entry in entries.items():
        name = f"{key.context}\x04{key.text}" if key.context else key.text
        if entry.plural:
            name += f"\0{entry.plural}"
        if entry.is_whole:
            pairs.append((name.encode(), "\0".join(entry.forms).encode()))
    pairs.sort()
    count, start = len(pairs), 28
    names_at, values_at = start + 16 * count, start + 16 * count + sum(len(n) + 1 for n, _ in pairs)
    names = values = first = second = b""
    for key_bytes, value in pairs:
        first += struct.pack("<II", len(key_bytes), names_at + len(names))
        second += struct.pack("<II", len(value), values_at + len(values))
        names += key_bytes + b"\0"
        values += value + b"\0"
    head_bytes = struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, 0)
    return head_bytes + first + second + names + values


def stale(*, write: bool, source: Path = SOURCE, catalogues: Path = CATALOGUES) -> list[str]:
    """Say what is not up to date; with `write` bring it up to date first."""
    wanted = collect(source)
    told: list[str] = []
    for path in sorted(catalogues.glob("*/LC_MESSAGES/reports.po")):
        language, text = path.parent.parent.name, path.read_text("utf-8")
        head, known = read_po(text)
        fresh = updated(head, known, wanted)
        compiled_at = path.with_suffix(".mo")
        binary = compiled(*read_po(fresh))
        if write:
            path.write_text(fresh, "utf-8", newline="\n")
            compiled_at.write_bytes(binary)
        elif fresh != text:
            told.append(f"{language}: reports.po does not hold just the messages of the reports.")
        elif not compiled_at.exists() or compiled_at.read_bytes() != binary:
            told.append(f"{language}: reports.mo is not what reports.po says.")
        told += [
            f"{language}: not translated: {key.text}"
            for key, entry in read_po(fresh)[1].items()
            if not entry.is_whole
        ]
    return told


def main() -> int:
    """Do what the arguments say; return 1 when something is left to do."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--check", action="store_true", help="write nothing")
    told = stale(write=not reader.parse_args().check)
    sys.stdout.write("".join(f"{line}\n" for line in told))
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main())
