"""The only home of peewee: the database, its journal and everything materialised from it."""

import sys

# peewee imports the driver of every server that it finds. psycopg alone costs a start more than
# peewee and the database together, and only those who share through a server need it:
# `team_server` loads it then.
if "peewee" not in sys.modules:
    sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]
