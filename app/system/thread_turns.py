"""How long a thread was ready to run and another one had the processor: not a wait of its own.

A stretch in which a window serves nobody is made of three parts: it worked, it waited for its turn,
or it slept in a call or for a lock. Only the last one tells of a call that hangs. Linux tells it.
"""

from __future__ import annotations

import threading
from pathlib import Path


def queued_s() -> float:
    """Return for how many seconds the calling thread has waited for a processor; 0 if unknown."""
    told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    try:
        return int(told.read_text("ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):  # another system, or a kernel that keeps no count
        return 0.0
