"""Import a module when it is first used, not when it is named (speed.md, start).

The window names every service and calls few of them before its first paint. A package whose
`__getattr__` (PEP 562) answers `from package import module` with a `Later` keeps those imports for
the call. Any thread may be the first: the import system has the locks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


class Later:
    """Stands for a module and hands everything on to it."""

    __slots__ = ("_imported", "_name")

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_imported", None)

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """Return the names of the module, which is what a debugger or a test looks through."""
        return vars(_module(self))

    def __getattr__(self, attribute: str) -> Any:
        """Import the module if need be and return what it has under that name."""
        return getattr(_module(self), attribute)

    def __setattr__(self, attribute: str, value: Any) -> None:
        """Set it on the module itself."""
        setattr(_module(self), attribute, value)

    def __delattr__(self, attribute: str) -> None:
        """Take it from the module itself."""
        delattr(_module(self), attribute)

    def __repr__(self) -> str:
        """Name the module, imported or not."""
        return f"<later {object.__getattribute__(self, '_name')!r}>"


def _module(later: Later) -> ModuleType:
    # Kept, because the import system takes longer to find it again than a read of the database.
    known: ModuleType | None = object.__getattribute__(later, "_imported")
    if known is None:
        known = import_module(object.__getattribute__(later, "_name"))
        object.__setattr__(later, "_imported", known)
    return known
