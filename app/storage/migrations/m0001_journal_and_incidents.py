"""The first schema: the journal, its heads, and what is materialised from it (sync.md)."""

STATEMENTS = (
    # The journal. Triggers forbid UPDATE, but for redaction, and DELETE.
    """CREATE TABLE change (
        station BLOB NOT NULL, sseq INTEGER NOT NULL, hlc INTEGER NOT NULL, at INTEGER NOT NULL,
        zone TEXT NOT NULL, tx_first INTEGER NOT NULL, tx_n INTEGER NOT NULL, action BLOB NOT NULL,
        kind TEXT NOT NULL, entity BLOB NOT NULL, root BLOB NOT NULL, op TEXT NOT NULL,
        field TEXT NOT NULL, value TEXT, salt BLOB, prevs BLOB NOT NULL, author BLOB NOT NULL,
        undo_of BLOB NOT NULL, schema INTEGER NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (station, sseq)) WITHOUT ROWID""",
    "CREATE INDEX change_root ON change(root)",
    """CREATE TRIGGER change_is_append_only BEFORE DELETE ON change
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER change_is_never_edited BEFORE UPDATE ON change
        WHEN NOT (NEW.value IS NULL AND NEW.salt IS NULL AND NEW.station IS OLD.station
            AND NEW.sseq IS OLD.sseq AND NEW.hash IS OLD.hash AND NEW.hlc IS OLD.hlc
            AND NEW.at IS OLD.at AND NEW.zone IS OLD.zone AND NEW.tx_first IS OLD.tx_first
            AND NEW.tx_n IS OLD.tx_n AND NEW.action IS OLD.action AND NEW.kind IS OLD.kind
            AND NEW.entity IS OLD.entity AND NEW.root IS OLD.root AND NEW.op IS OLD.op
            AND NEW.field IS OLD.field AND NEW.prevs IS OLD.prevs AND NEW.author IS OLD.author
            AND NEW.undo_of IS OLD.undo_of AND NEW.schema IS OLD.schema)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TABLE redaction (station BLOB NOT NULL, sseq INTEGER NOT NULL, digest BLOB NOT NULL,
        PRIMARY KEY (station, sseq)) WITHOUT ROWID""",
    """CREATE TABLE head (entity BLOB NOT NULL, field TEXT NOT NULL, station BLOB NOT NULL,
        sseq INTEGER NOT NULL, PRIMARY KEY (entity, field, station, sseq)) WITHOUT ROWID""",
    """CREATE TABLE superseded (entity BLOB NOT NULL, field TEXT NOT NULL, station BLOB NOT NULL,
        sseq INTEGER NOT NULL, PRIMARY KEY (entity, field, station, sseq)) WITHOUT ROWID""",
    """CREATE TABLE vv (station BLOB PRIMARY KEY, sseq INTEGER NOT NULL, hash BLOB NOT NULL)
        WITHOUT ROWID""",
    """CREATE TABLE action (id BLOB PRIMARY KEY, station BLOB NOT NULL, first INTEGER NOT NULL,
        last INTEGER NOT NULL, author BLOB NOT NULL, undo_of BLOB NOT NULL, title TEXT NOT NULL)
        WITHOUT ROWID""",
    "CREATE INDEX action_by_author ON action(station, author, last)",
    "CREATE INDEX action_undone ON action(undo_of) WHERE undo_of != x''",
    "CREATE TABLE local (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE number_block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL,
        next INTEGER NOT NULL, station BLOB NOT NULL)""",
    # Everything below is rebuilt from the journal.
    """CREATE TABLE incident (
        id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, number TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL, status TEXT NOT NULL, pending_reason TEXT, priority TEXT NOT NULL,
        impact INTEGER NOT NULL, urgency INTEGER NOT NULL, severity INTEGER, channel TEXT NOT NULL,
        requester BLOB, assignee BLOB, team BLOB, category BLOB, service BLOB, ci BLOB,
        location BLOB, registered_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        occurred_at INTEGER, detected_at INTEGER, reported_at INTEGER, acknowledged_at INTEGER,
        first_assigned_at INTEGER, first_response_at INTEGER, first_resolved_at INTEGER,
        resolved_at INTEGER, closed_at INTEGER, cancelled_at INTEGER, restored_at INTEGER,
        follow_up_at INTEGER, major INTEGER NOT NULL DEFAULT 0, outage INTEGER NOT NULL DEFAULT 0,
        reopen_count INTEGER NOT NULL DEFAULT 0, reassignment_count INTEGER NOT NULL DEFAULT 0,
        outcome TEXT, fix_type TEXT, cause_class TEXT, satisfaction INTEGER, external_id TEXT,
        problem_id BLOB, merged_into BLOB,
        is_open INTEGER NOT NULL DEFAULT 1, deleted INTEGER NOT NULL DEFAULT 0,
        unread INTEGER NOT NULL DEFAULT 0, conflict INTEGER NOT NULL DEFAULT 0,
        target_s INTEGER, due_at INTEGER NOT NULL DEFAULT 0, warn_at INTEGER NOT NULL DEFAULT 0,
        counted_s INTEGER NOT NULL DEFAULT 0, paused_s INTEGER NOT NULL DEFAULT 0,
        paused INTEGER NOT NULL DEFAULT 0, stopped INTEGER NOT NULL DEFAULT 0,
        breached INTEGER NOT NULL DEFAULT 0, met INTEGER,
        response_target_s INTEGER, response_due_at INTEGER NOT NULL DEFAULT 0,
        response_met INTEGER, response_breached INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE incident_detail (
        id INTEGER PRIMARY KEY, description TEXT NOT NULL DEFAULT '', priority_override_reason TEXT,
        major_declared_at INTEGER, incident_manager BLOB, escalated_at INTEGER,
        workaround_applied_at INTEGER, cancel_reason TEXT, detection TEXT, root_cause TEXT,
        contributing_factors TEXT, business_effect TEXT, people_affected INTEGER, workaround TEXT,
        resolution TEXT, verified_by TEXT, verified_at INTEGER, verified_how TEXT, zone TEXT,
        survey_sent_at INTEGER, response_result TEXT, resolution_result TEXT,
        periods TEXT NOT NULL DEFAULT '[]')""",
    """CREATE TABLE incident_tag (incident INTEGER NOT NULL, folded TEXT NOT NULL,
        tag TEXT NOT NULL, PRIMARY KEY (incident, folded)) WITHOUT ROWID""",
    "CREATE INDEX incident_tag_folded ON incident_tag(folded, incident)",
    """CREATE TABLE incident_link (incident INTEGER NOT NULL, kind TEXT NOT NULL,
        target BLOB NOT NULL, PRIMARY KEY (incident, kind, target)) WITHOUT ROWID""",
    """CREATE TABLE custom_value (incident INTEGER NOT NULL, field TEXT NOT NULL,
        value TEXT NOT NULL, number REAL, PRIMARY KEY (incident, field)) WITHOUT ROWID""",
    """CREATE TABLE checklist_tick (incident INTEGER NOT NULL, item TEXT NOT NULL,
        done INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (incident, item)) WITHOUT ROWID""",
    """CREATE TABLE number_alias (folded TEXT NOT NULL, incident INTEGER NOT NULL,
        PRIMARY KEY (folded, incident)) WITHOUT ROWID""",
    """CREATE TABLE attachment (uid BLOB PRIMARY KEY, incident INTEGER NOT NULL, name TEXT NOT NULL,
        size INTEGER NOT NULL, sha256 TEXT NOT NULL, media_type TEXT NOT NULL,
        added_at INTEGER NOT NULL, added_by BLOB NOT NULL, deleted INTEGER NOT NULL DEFAULT 0)
        WITHOUT ROWID""",
    "CREATE INDEX attachment_incident ON attachment(incident)",
    """CREATE TABLE outage (uid BLOB PRIMARY KEY, incident INTEGER NOT NULL, service BLOB,
        from_at INTEGER NOT NULL, to_at INTEGER, planned INTEGER NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    """CREATE TABLE catalogue_item (uid BLOB PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
        folded TEXT NOT NULL, data TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0)
        WITHOUT ROWID""",
    "CREATE INDEX catalogue_by_name ON catalogue_item(kind, folded)",
    """CREATE TABLE catalogue_alias (kind TEXT NOT NULL, folded TEXT NOT NULL, uid BLOB NOT NULL,
        PRIMARY KEY (kind, folded, uid)) WITHOUT ROWID""",
    """CREATE INDEX incident_open ON incident(paused, due_at, id)
        WHERE is_open = 1 AND deleted = 0""",
    "CREATE INDEX incident_status ON incident(status, updated_at) WHERE deleted = 0",
    "CREATE INDEX incident_assignee ON incident(assignee, is_open) WHERE assignee IS NOT NULL",
    "CREATE INDEX incident_team ON incident(team, is_open) WHERE team IS NOT NULL",
    "CREATE INDEX incident_requester ON incident(requester) WHERE requester IS NOT NULL",
    "CREATE INDEX incident_category ON incident(category) WHERE category IS NOT NULL",
    "CREATE INDEX incident_registered ON incident(registered_at)",
    "CREATE INDEX incident_updated ON incident(updated_at)",
    "CREATE INDEX incident_closed ON incident(closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX incident_priority ON incident(priority, registered_at)",
    "CREATE INDEX incident_external ON incident(external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX incident_merged ON incident(merged_into) WHERE merged_into IS NOT NULL",
)
