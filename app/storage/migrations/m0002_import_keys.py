"""The second schema: which incident came from which record of another tool.

Rebuilt from the journal like everything that is materialised; several incidents may stand under one
key when two stations took in the same file before they met.
"""

STATEMENTS = (
    """CREATE TABLE import_key (mapping TEXT NOT NULL, key TEXT NOT NULL, uid BLOB NOT NULL,
        fingerprint TEXT NOT NULL, PRIMARY KEY (mapping, key, uid)) WITHOUT ROWID""",
)
