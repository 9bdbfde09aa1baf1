"""The eighth schema: what a redaction leaves to be read in place of a value (sync.md).

`redact_asked` follows from the `redact` rows of the journal. `said` is the journal as it is to be
read: a blanked value is replaced by what its redaction left; chains are checked on `change` itself.
"""

STATEMENTS = (
    """CREATE TABLE redact_asked (station BLOB NOT NULL, sseq INTEGER NOT NULL,
        by_station BLOB NOT NULL, by_sseq INTEGER NOT NULL, hlc INTEGER NOT NULL,
        root BLOB NOT NULL, instead TEXT, sha256 TEXT,
        PRIMARY KEY (station, sseq, by_station, by_sseq)) WITHOUT ROWID""",
    "CREATE INDEX redact_asked_by ON redact_asked(by_station, by_sseq)",
    "CREATE INDEX change_redact ON change(station, sseq) WHERE op = 'redact'",
    """CREATE VIEW said AS SELECT c.station, c.sseq, c.hlc, c.at, c.zone, c.tx_first, c.tx_n,
        c.action, c.kind, c.entity, c.root, c.op, c.field, coalesce(c.value,
            (SELECT a.instead FROM redact_asked a WHERE a.station = c.station AND a.sseq = c.sseq
            AND a.root = c.root ORDER BY a.hlc DESC, a.by_station DESC, a.by_sseq DESC LIMIT 1))
        AS value, c.salt, c.prevs, c.author, c.undo_of, c.schema, c.hash FROM change c""",
)
