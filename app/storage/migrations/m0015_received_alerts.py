"""The fifteenth schema: the last payload of each tool, so that a format is taught with a real one.

Rows of this workstation only, few and small; they are forgotten after a week.
"""

STATEMENTS = (
    """CREATE TABLE alert_received (source TEXT NOT NULL, origin TEXT NOT NULL,
        at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (source, origin)) WITHOUT ROWID""",
)
