"""Rows as peewee models: for single records and lists that nobody waits for (speed.md).

Hot lists, the journal and bulk work go through the same connection with SQL of their own, because
a model costs five to ten times as much there. A query names its database where it is executed
(`query.execute(database)`), so that a process may hold several profiles and no model is global
state. The migrations make the tables; a test compares them with the models.
"""

from __future__ import annotations

from peewee import BigIntegerField, Model, TextField


class DraftRow(Model):
    """What somebody was typing; local, not journalled."""

    key = TextField(primary_key=True)
    kind = TextField()
    data = TextField()
    saved_at = BigIntegerField()
    discarded_at = BigIntegerField(null=True)

    class Meta:
        """Name the table and its key."""

        table_name = "draft"
        without_rowid = True


ROWS: tuple[type[Model], ...] = (DraftRow,)
"""Every model, for the test that compares them with the tables."""
