"""The third schema: what somebody is typing, kept until it is logged or thrown away.

Local to the workstation and not journalled: a half-written sentence is nobody else's business.
"""

STATEMENTS = (
    """CREATE TABLE draft (key TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT NULL,
        saved_at INTEGER NOT NULL, discarded_at INTEGER) WITHOUT ROWID""",
    "CREATE INDEX draft_by_kind ON draft(kind, saved_at)",
)
