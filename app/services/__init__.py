"""Use cases: one named function for each thing a user does, each returning a ChangeSet.

`from app.services import moves` costs nothing before the first call (see `app.system.later`): the
window names all services, and must be painted before most of them are loaded.
"""

from __future__ import annotations

from importlib.util import find_spec

from app.system.later import Later


def __getattr__(name: str) -> object:
    """Answer for a service that is not loaded yet; AttributeError for a name that is none."""
    if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"app.services has no service {name!r}")
    return Later(f"{__name__}.{name}")
