"""The tenth schema: which rows of the journal a newer program wrote that this one cannot apply."""

STATEMENTS = (
    """CREATE TABLE not_understood (station BLOB NOT NULL, sseq INTEGER NOT NULL,
        PRIMARY KEY (station, sseq)) WITHOUT ROWID""",
)
