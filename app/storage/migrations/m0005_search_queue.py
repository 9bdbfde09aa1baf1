"""The fifth schema: which incidents the search index is behind with (`storage.search_queue`)."""

STATEMENTS = ("CREATE TABLE search_queue (incident INTEGER PRIMARY KEY)",)
