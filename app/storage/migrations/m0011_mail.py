"""The eleventh schema: which mails are in which incident, and mails that were not taken in.

`mail_message` follows from the journal. `mail_quarantine` belongs to this workstation alone: what
it fetched and did not take in stays here until a person has decided.
"""

STATEMENTS = (
    """CREATE TABLE mail_message (message_id TEXT NOT NULL, incident BLOB NOT NULL,
        attachment BLOB NOT NULL, PRIMARY KEY (message_id, attachment)) WITHOUT ROWID""",
    """CREATE TABLE mail_quarantine (message_id TEXT PRIMARY KEY, state TEXT NOT NULL,
        reason TEXT NOT NULL, source TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
        incident BLOB, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
        received_at INTEGER NOT NULL) WITHOUT ROWID""",
)
