"""What the system calls the person who is logged in here: a login, and a name where it has one."""

from __future__ import annotations

import os
import sys

_NAMES_OF_LOGIN = ("LOGNAME", "USER", "LNAME", "USERNAME")
_DISPLAY_NAME = 3
"""Windows' NameDisplay of EXTENDED_NAME_FORMAT."""


def login() -> str:
    """Return the name of the account, "" when the system does not say."""
    for name in _NAMES_OF_LOGIN:
        if os.environ.get(name):
            return os.environ[name]
    import getpass  # asks the environment too, and takes a while to import

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def full_name() -> str:
    """Return the person's name as the system knows it, else one made of the login."""
    try:
        known = _of_windows() if sys.platform == "win32" else _of_unix()
    except (OSError, KeyError, ImportError, AttributeError):
        known = ""
    return tidied(known or login())


def tidied(name: str) -> str:
    """Turn a login such as ana.ruiz into a name; what has a capital letter stays as it is."""
    text = " ".join(name.split())
    if text != text.lower():
        return text
    return " ".join(word.capitalize() for word in text.replace(".", " ").replace("_", " ").split())


def _of_unix() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0]


def _of_windows() -> str:
    import ctypes

    size = ctypes.c_ulong(256)
    buffer = ctypes.create_unicode_buffer(size.value)
    library = getattr(ctypes, "windll").secur32  # noqa: B009  # there on Windows only
    found = library.GetUserNameExW(_DISPLAY_NAME, buffer, ctypes.byref(size))
    return buffer.value if found else ""
