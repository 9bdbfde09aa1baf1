"""Databases of a hundred thousand or a million incidents, made in a minute: for measurements only.

The first 5,000 incidents go through the program's own import, so that their rows, journal, heads,
clocks and index are what it writes. SQL then copies them with other ids, numbers, titles and times
into the same tables with the same indexes, the search index included, fed from the same texts. The
hash chain of the copies is not a chain: nothing that is measured here reads it.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

from app.domain.folding import fold
from app.services import importing
from app.services.desk import Desk, open_desk
from app.storage import search_texts
from app.system.clock import SystemClock
from app.system.paths import Profile

if TYPE_CHECKING:
    from pathlib import Path

MILLION = bool(os.environ.get("INCIDENT_DESK_BENCHMARK_MILLION"))
ROWS = 1_000_000 if MILLION else int(os.environ.get("INCIDENT_DESK_BENCHMARK_ROWS", "100000"))
"""A hundred thousand, or a million; a tenth of the former where a run must end soon (dev.py)."""
BASE = 5_000
SHIFT_MS = 61_000
EDITS = 3
"""Later changes of each incident in the journal, where the journal is what is measured."""

_COMMON = [
    *("printer", "vpn", "mail", "server", "login", "screen", "update", "network", "phone", "door"),
    *("badge", "laptop", "token", "slow", "broken", "error", "access", "reset", "order", "report"),
]
_COLUMNS = (
    "number,title,description,status,priority,impact,urgency,channel,requester,assignee,team,"
    "category,service,location,tags,registered_at,acknowledged_at,resolved_at,closed_at,resolution"
)
_INSTANTS = frozenset(
    {
        "registered_at", "updated_at", "acknowledged_at", "first_assigned_at", "resolved_at",
        "first_response_at", "first_resolved_at", "closed_at", "due_at", "warn_at",
        "response_due_at",
    }
)  # fmt: skip


def write_table(path: Path, count: int = BASE) -> None:
    """Write tickets of five years, 5 % of them open, with common and rare words."""
    rng = random.Random(11)
    rare = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("nol", "rix", "sta")]

    def text(words: int) -> str:
        return " ".join(rng.choice(_COMMON if rng.random() < 0.5 else rare) for _ in range(words))

    with path.open("w", encoding="utf-8") as file:
        file.write(_COLUMNS + "\n")
        for n in range(count):
            day = f"{2020 + n // 324 % 6}-{n // 27 % 12 + 1:02}-{n % 27 + 1:02}"
            at = [f"{day}T{hour:02}:{n % 60:02}:00Z" for hour in (8, 9, 14, 17)]
            done = n % 20 > 0
            cells = [
                f"T-{n:06}", f"{text(6)} {n}", text(30), "closed" if done else "in_progress",
                f"P{n % 4 + 1}", n % 3 + 1, n // 3 % 3 + 1, "phone", f"Caller {n % 900}",
                f"Resolver {n % 60}", f"Team {n % 12}", f"hardware/{_COMMON[n % 20]}",
                f"Service {n % 15}", f"Site {n % 30}", _COMMON[n % 20], at[0], at[1],
                *(at[2:] if done else ("", "")), text(10) if done else "",
            ]  # fmt: skip
            file.write(",".join(map(str, cells)) + "\n")


def opened(folder: Path) -> Desk:
    """Open the profile in a folder."""
    return open_desk(Profile(folder), SystemClock(), person="Ana Ruiz", zone="UTC")


def make(folder: Path, count: int = ROWS, *, edits: int = 0) -> Desk:
    """Make a profile of `count` incidents with as many journal rows, and `edits` more of each."""
    desk = opened(folder)
    table = folder / "base.csv"
    write_table(table, min(BASE, count))
    importing.import_file(desk, table)
    db = desk.connection
    # The file is thrown away: nothing here has to survive a power cut.
    db.execute("PRAGMA synchronous = off")
    _keep_base_texts(desk)
    for copy in range(1, -(-count // BASE)):
        with desk.store.database.atomic("IMMEDIATE"):
            _copy(desk, copy)
    if edits:
        with desk.store.database.atomic("IMMEDIATE"):
            _edit(desk, edits)
    last = db.execute("SELECT max(sseq) FROM change").get
    db.execute("UPDATE vv SET sseq = ?", (last,))
    db.execute("PRAGMA synchronous = full")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert db.execute("SELECT count(*) FROM incident").get == count
    assert db.execute("SELECT count(*) FROM incident_fts").get == count
    return desk


def _keep_base_texts(desk: Desk) -> None:
    db = desk.connection
    db.execute(
        "CREATE TEMP TABLE text (id INTEGER PRIMARY KEY, title, description, notes, people, other)"
    )
    texts = search_texts.load(db, range(1, BASE + 1))
    db.executemany(
        "INSERT INTO text VALUES (?,?,?,?,?,?)",
        [(rowid, *map(fold, parts[1:])) for rowid, parts in texts.items()],
    )


def _copy(desk: Desk, copy: int) -> None:
    db = desk.connection
    more = copy * BASE
    uid = f"CAST(unhex(printf('%%08x', {copy})) || substr(%s, 5) AS BLOB)"
    number = f"printf('INC-%07d', 1000000 + id + {more})"
    title = f"title || ' x' || (id + {more})"
    made = {"id": f"id + {more}", "uid": uid % "uid", "number": number, "title": title}
    made |= {"external_id": f"external_id || '-{copy}'"}
    for name in _INSTANTS:
        made[name] = f"CASE WHEN {name} > 0 THEN {name} + {copy * SHIFT_MS} ELSE {name} END"
    for table in ("incident", "incident_detail"):
        names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        chosen = ", ".join(made.get(name, name) for name in names)
        db.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE id <= {BASE}")
    base = f"WHERE incident <= {BASE}"
    db.execute(
        f"INSERT INTO incident_tag SELECT incident + {more}, folded, tag FROM incident_tag {base}"
    )
    db.execute(
        f"INSERT INTO number_alias SELECT folded || '-{copy}', incident + {more} "
        f"FROM number_alias {base}"
    )
    db.execute(
        "INSERT INTO incident_fts(rowid, number, title, description, notes, people, other) "
        f"SELECT id + {more}, lower({number}), {title}, description, notes, people, other FROM text"
    )
    db.execute(
        f"INSERT INTO incident_trigram(rowid, text) SELECT id + {more}, lower({number}) || "
        f"char(10) || {title} || char(10) || description || char(10) || notes || char(10) || "
        "people || char(10) || other FROM text"
    )
    last = db.execute("SELECT max(sseq) FROM change").get
    names = [row[1] for row in db.execute("PRAGMA table_info(change)")]
    changed = {"sseq": f"{last} + i.id", "entity": uid % "c.entity", "root": uid % "c.root"}
    changed["value"] = (
        f"json_set(c.value, '$.number', printf('INC-%07d', 1000000 + i.id + {more}), "
        f"'$.title', i.title || ' x' || (i.id + {more}), "
        f"'$.external_id', i.external_id || '-{copy}')"
    )
    chosen = ", ".join(changed.get(name, f"c.{name}") for name in names)
    db.execute(
        f"INSERT INTO change SELECT {chosen} FROM incident i JOIN change c ON c.root = i.uid "
        f"WHERE i.id <= {BASE} AND c.kind = 'incident' AND c.op = 'create'"
    )
    db.execute(
        "INSERT INTO head SELECT entity, '*', station, sseq FROM change "
        f"WHERE station = ? AND sseq > {last}",
        (desk.store.station,),
    )


def _edit(desk: Desk, edits: int) -> None:
    """Append changes of title and urgency to the journal, and to the heads, not to the rows."""
    db = desk.connection
    count = db.execute("SELECT count(*) FROM incident").get
    names = [row[1] for row in db.execute("PRAGMA table_info(change)")]
    fields = ("title", "urgency", "assignee")
    values = ("json_quote('again ' || i.title)", "'2'", "'\"' || lower(hex(i.assignee)) || '\"'")
    for edit in range(edits):
        last = db.execute("SELECT max(sseq) FROM change").get
        made = {
            "sseq": f"{last} + i.id", "op": "'set'", "field": f"'{fields[edit % 3]}'",
            "value": values[edit % 3], "hlc": f"c.hlc + {last} + i.id",
            "prevs": "CAST(c.station || unhex(printf('%016x', c.sseq)) AS BLOB)",
        }  # fmt: skip
        chosen = ", ".join(made.get(name, f"c.{name}") for name in names)
        db.execute(
            f"INSERT INTO change SELECT {chosen} FROM incident i JOIN head h ON h.entity = i.uid "
            "AND h.field = '*' JOIN change c ON c.station = h.station AND c.sseq = h.sseq "
            f"WHERE i.id <= {count}"
        )
        db.execute(
            "INSERT INTO head SELECT entity, field, station, sseq FROM change "
            f"WHERE station = ? AND sseq > {last}",
            (desk.store.station,),
        )
