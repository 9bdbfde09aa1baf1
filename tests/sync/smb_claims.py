"""A client of a Samba share: claims names by exclusive create, as a mounted share does it.

Run as a process of its own: `python smb_claims.py smb://host:port/share/folder NAME...` prints
"ready" when it is connected, and after a line of input the names that were made, a line each. What
is asked for over SMB is the disposition FILE_CREATE, which `open(path, "x")` comes to on a mounted
share as well.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import sys

AUTHENTICATES = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p,
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int,
)  # fmt: skip
EXCLUSIVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


GUEST = AUTHENTICATES(lambda *_: None)


def connected(folder: str) -> ctypes.CDLL:
    """Return the library with a connection to the share.

    Raises:
        OSError: the library does not start, or the folder cannot be opened.
    """
    library = ctypes.CDLL(ctypes.util.find_library("smbclient"), use_errno=True)
    if library.smbc_init(GUEST, 0) or library.smbc_opendir(folder.encode()) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), folder)
    return library


def claim(library: ctypes.CDLL, folder: str, names: list[str]) -> list[str]:
    """Make files of these names, each only if it is not there; return those that were made.

    Raises:
        OSError: the share refused one for another reason.
    """
    made = []
    for name in names:
        file = library.smbc_open(f"{folder}/{name}".encode(), EXCLUSIVE, 0o644)
        if file >= 0:
            library.smbc_write(file, str(os.getpid()).encode(), len(str(os.getpid())))
            library.smbc_close(file)
            made.append(name)
        elif ctypes.get_errno() != errno.EEXIST:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)
    return made


if __name__ == "__main__":
    share = connected(sys.argv[1])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # all begin at once
    sys.stdout.write("\n".join(claim(share, sys.argv[1], sys.argv[2:])))
