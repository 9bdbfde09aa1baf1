"""The fifth schema: what the search index is behind with, and links found from their other end."""

STATEMENTS = (
    "CREATE TABLE search_queue (incident INTEGER PRIMARY KEY)",
    "CREATE INDEX incident_link_target ON incident_link(target)",
)
