"""The tables of a team on a PostgreSQL server, and what its stations may do there (sync.md).

The same rows as in a journal. Whoever founds the hub owns the tables; everybody else is a member of
one role, which may add to the journal and read it and can change or delete nothing in it. The value
of a row is blanked by one function alone, which asks for the `redact` row first.
"""

from __future__ import annotations

SCHEMA = "incident_desk"
ROLE = "incident_desk_station"
"""The role of all stations; a server's administrator grants it to the team's logins."""

CHANNEL = "incident_desk"
"""Whoever listens on it hears that a station has published."""

COLUMNS: dict[str, str] = {
    "station": "bytea", "sseq": "bigint", "hlc": "bigint", "at": "bigint", "zone": "text",
    "tx_first": "bigint", "tx_n": "bigint", "action": "bytea", "kind": "text", "entity": "bytea",
    "root": "bytea", "op": "text", "field": "text", "value": "text", "salt": "bytea",
    "prevs": "bytea", "author": "bytea", "undo_of": "bytea", "schema": "integer", "hash": "bytea",
}  # fmt: skip
"""The columns of `change` with their types, in the order of `journal_entry.Change`."""

_MAY_BE_NULL = frozenset({"value", "salt"})
_CHANGE = ", ".join(
    f'"{name}" {kind}{"" if name in _MAY_BE_NULL else " NOT NULL"}'
    for name, kind in COLUMNS.items()
)

STATEMENTS = (
    f"CREATE SCHEMA {SCHEMA}",
    f"SET LOCAL search_path = {SCHEMA}",
    """CREATE TABLE team (one boolean PRIMARY KEY DEFAULT true CHECK (one), id bytea NOT NULL,
        epoch bytea NOT NULL, kind text NOT NULL, founder bytea NOT NULL, approve boolean NOT NULL,
        format integer NOT NULL)""",
    f"CREATE TABLE change ({_CHANGE}, PRIMARY KEY (station, sseq))",
    """CREATE TABLE piece (station bytea NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
        previous bytea NOT NULL, key bytea NOT NULL, signature bytea NOT NULL, mended_by bytea,
        PRIMARY KEY (station, last, first))""",
    """CREATE TABLE redaction (station bytea NOT NULL, sseq bigint NOT NULL, digest bytea NOT NULL,
        PRIMARY KEY (station, sseq))""",
    """CREATE TABLE number_block (first bigint PRIMARY KEY, station bytea NOT NULL)""",
    """CREATE TABLE note (station bytea PRIMARY KEY, last bigint NOT NULL, hash bytea NOT NULL,
        seen text NOT NULL, app_version text NOT NULL, instance text NOT NULL,
        at_ms bigint NOT NULL)""",
    """CREATE TABLE presence (station bytea PRIMARY KEY, told text NOT NULL)""",
    """CREATE TABLE file (kind text NOT NULL, name text NOT NULL, size bigint NOT NULL,
        PRIMARY KEY (kind, name))""",
    """CREATE TABLE file_part (kind text NOT NULL, name text NOT NULL, part integer NOT NULL,
        content bytea NOT NULL, PRIMARY KEY (kind, name, part),
        FOREIGN KEY (kind, name) REFERENCES file ON DELETE CASCADE)""",
    # The one way to blank a value: somebody with the right to has written the `redact` row.
    f"""CREATE FUNCTION redact(of_station bytea, of_sseq bigint, its_digest bytea) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
        BEGIN
            -- A row that came without its value: its digest alone is still to be kept.
            IF EXISTS (SELECT 1 FROM change WHERE station = of_station AND sseq = of_sseq
                    AND value IS NULL) THEN
                INSERT INTO redaction VALUES (of_station, of_sseq, its_digest)
                    ON CONFLICT DO NOTHING;
                RETURN;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM change WHERE op = 'redact' AND value::jsonb @>
                jsonb_build_object('station', encode(of_station, 'hex'), 'sseq', of_sseq)) THEN
                RAISE EXCEPTION 'no entry asks to redact %', of_sseq
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            INSERT INTO redaction SELECT station, sseq,
                sha256(salt || convert_to(value, 'UTF8')) FROM change
                WHERE station = of_station AND sseq = of_sseq AND value IS NOT NULL
                ON CONFLICT DO NOTHING;
            UPDATE change SET value = NULL, salt = NULL
                WHERE station = of_station AND sseq = of_sseq;
        END $$""",
    "CREATE INDEX change_redact ON change(op) WHERE op = 'redact'",
    f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN
            CREATE ROLE {ROLE} NOLOGIN;
        END IF;
        EXCEPTION WHEN insufficient_privilege OR duplicate_object THEN NULL;
        END $$""",
    f"""DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN
            GRANT USAGE ON SCHEMA {SCHEMA} TO {ROLE};
            GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {ROLE};
            GRANT INSERT ON change, piece, number_block, note, presence, file, file_part TO {ROLE};
            GRANT UPDATE ON note, presence TO {ROLE};
            GRANT DELETE ON file, file_part TO {ROLE};
            GRANT EXECUTE ON FUNCTION redact(bytea, bigint, bytea) TO {ROLE};
        END IF;
        END $$""",
    "REVOKE ALL ON FUNCTION redact(bytea, bigint, bytea) FROM PUBLIC",
)
"""Make everything, in one transaction of the founder's."""
