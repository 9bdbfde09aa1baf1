"""The fourteenth schema: a letter of the outbox is a report or a reply to the requester."""

STATEMENTS = ("ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'report'",)
