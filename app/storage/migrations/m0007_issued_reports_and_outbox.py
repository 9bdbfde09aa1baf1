"""The seventh schema: which reports were issued, and mail that waits to leave this workstation.

`issued_report` follows from the journal. `outbox` belongs to this workstation alone: a letter that
one station hands to a mail server must never be handed over by another one too.
"""

STATEMENTS = (
    """CREATE TABLE issued_report (uid BLOB PRIMARY KEY, sha256 TEXT NOT NULL,
        size INTEGER NOT NULL, number TEXT NOT NULL, incident BLOB NOT NULL,
        record_sha256 TEXT NOT NULL, document_id TEXT NOT NULL, start_sha256 TEXT NOT NULL,
        block INTEGER NOT NULL, head TEXT NOT NULL, by BLOB NOT NULL, at INTEGER NOT NULL,
        station BLOB NOT NULL, sseq INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX issued_report_by_digest ON issued_report(sha256)",
    "CREATE INDEX issued_report_by_document ON issued_report(document_id)",
    "CREATE INDEX issued_report_by_incident ON issued_report(incident)",
    # What a station with a newer program issued was kept unread until now.
    """INSERT OR IGNORE INTO issued_report SELECT entity, value ->> 'sha256', value ->> 'size',
        value ->> 'number', unhex(value ->> 'incident'), value ->> 'record_sha256',
        value ->> 'document_id', value ->> 'start_sha256', value ->> 'block', value ->> 'head',
        unhex(value ->> 'by'), at, station, sseq FROM change
        WHERE kind = 'issued_report' AND op = 'create'""",
    """CREATE TABLE outbox (message_id TEXT PRIMARY KEY, incident BLOB NOT NULL,
        number TEXT NOT NULL, action BLOB NOT NULL, person BLOB NOT NULL, state TEXT NOT NULL,
        subject TEXT NOT NULL, body TEXT NOT NULL, recipients TEXT NOT NULL, message BLOB,
        made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
        problem TEXT NOT NULL DEFAULT '', claim TEXT NOT NULL DEFAULT '',
        ended_at INTEGER) WITHOUT ROWID""",
    "CREATE INDEX outbox_by_state ON outbox(state, due_at)",
)
