"""The twelfth schema: what monitoring tools have said, and what nobody could read.

A row of `alert` is this workstation's memory of one fingerprint: it counts repeats without a row of
the journal for each. Which incident a fingerprint has is in the journal too (`external_id`), so
another workstation finds it when it has no row of its own.
"""

STATEMENTS = (
    """CREATE TABLE alert (key TEXT PRIMARY KEY, uid BLOB, title TEXT NOT NULL,
        state TEXT NOT NULL, times INTEGER NOT NULL, first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL, opened_at INTEGER NOT NULL, flaps INTEGER NOT NULL,
        flapped_at INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX alert_incident ON alert (uid)",
    "CREATE INDEX alert_opened ON alert (opened_at)",
    "CREATE INDEX alert_flapping ON alert (flapped_at) WHERE flaps > 0",
    """CREATE TABLE alert_quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
        source TEXT NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL)""",
)
