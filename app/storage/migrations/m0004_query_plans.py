"""The fourth schema: an index that the queue is read from, and what the planner is told.

The queue needs five small columns of the open incidents, so its index holds them and no row is
fetched to group, count and sort them. The statistics are those of a large log, written once instead
of measured: the same question is then answered in the same way in every file, and the planner knows
that a team is fewer than a priority and the open ones fewer than either.
"""

_STATISTICS = {
    "incident_open": "20000 10000 2 2 2 1 1 1",
    "incident_status": "1000000 150000 2",
    "incident_assignee": "900000 10000 5000",
    "incident_team": "900000 50000 10000",
    "incident_requester": "1000000 100",
    "incident_category": "1000000 5000",
    "incident_registered": "1000000 2",
    "incident_updated": "1000000 2",
    "incident_closed": "950000 2",
    "incident_priority": "1000000 250000 2",
    "incident_external": "500000 1",
    "incident_merged": "1000 1",
    "sqlite_autoindex_incident_1": "1000000 1",
    "sqlite_autoindex_incident_2": "1000000 1",
}

STATEMENTS = (
    "DROP INDEX incident_open",
    """CREATE INDEX incident_open
        ON incident(paused, due_at, breached, priority, id, is_open, deleted)
        WHERE is_open = 1 AND deleted = 0""",
    "ANALYZE sqlite_schema",
    "DELETE FROM sqlite_stat1",
    *(
        f"INSERT INTO sqlite_stat1 VALUES ('incident', '{name}', '{numbers}')"
        for name, numbers in _STATISTICS.items()
    ),
    "ANALYZE sqlite_schema",
)
