"""The sixth schema: what a workstation that shares keeps beside the journal (sync.md).

`station` and `station_approval` follow from the journal; `station_key`, `segment_seen`,
`quarantine` and `health` belong to this workstation alone. A block of numbers may be claimed by two
stations that had not met yet, so its rows are kept for each of them.
"""

STATEMENTS = (
    """CREATE TABLE station (uid BLOB PRIMARY KEY, name TEXT NOT NULL, code TEXT NOT NULL,
        key BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE station_approval (station BLOB NOT NULL, by BLOB NOT NULL, key BLOB NOT NULL,
        PRIMARY KEY (station, by)) WITHOUT ROWID""",
    """CREATE TABLE station_key (station BLOB PRIMARY KEY, key BLOB NOT NULL)
        WITHOUT ROWID""",
    """CREATE TABLE segment_seen (station BLOB NOT NULL, last INTEGER NOT NULL,
        first INTEGER NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL,
        PRIMARY KEY (station, last)) WITHOUT ROWID""",
    """CREATE TABLE quarantine (station BLOB NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL,
        first INTEGER, last INTEGER, at INTEGER NOT NULL, PRIMARY KEY (station, place))
        WITHOUT ROWID""",
    """CREATE TABLE health (kind TEXT NOT NULL, station BLOB NOT NULL, text TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (kind, station, text)) WITHOUT ROWID""",
    """CREATE TABLE number_claim (number TEXT NOT NULL, station BLOB NOT NULL, uid BLOB NOT NULL,
        PRIMARY KEY (number, station, uid)) WITHOUT ROWID""",
    "ALTER TABLE number_block RENAME TO number_block_before",
    """CREATE TABLE number_block (first INTEGER NOT NULL, last INTEGER NOT NULL,
        next INTEGER NOT NULL, station BLOB NOT NULL, PRIMARY KEY (first, station))
        WITHOUT ROWID""",
    "INSERT INTO number_block SELECT first, last, next, station FROM number_block_before",
    "DROP TABLE number_block_before",
)
