"""The only home of peewee: the database, its journal and everything materialised from it."""
