"""Listens for system messages over UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425).

Runs on one event loop.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.intake.syslog import MOST_BYTES

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

IDLE_S = 600.0
_MOST_DIGITS = 6


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, got: Callable[[bytes, str], None]) -> None:
        self._got = got

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a datagram: one message."""
        self._got(data[:MOST_BYTES], str(addr[0]))


async def listen_udp(
    got: Callable[[bytes, str], None], host: str, port: int
) -> asyncio.DatagramTransport:
    """Begin to take datagrams; raises OSError when the address is taken."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(got), local_addr=(host, port)
    )
    return transport


async def listen_tcp(
    got: Callable[[bytes, str], None],
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
) -> asyncio.Server:
    """Begin to take streams of lines, or of messages with their length before them."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = str((writer.get_extra_info("peername") or ("unknown",))[0])
        try:
            while True:
                async with asyncio.timeout(IDLE_S):
                    message = await _message(reader)
                if message is None:
                    break
                if message.strip():
                    got(message, peer)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, limit=MOST_BYTES, ssl=tls)


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """Return the next message, None at the end (RFC 6587, sections 3.4.1 and 3.4.2)."""
    begun = await reader.read(1)
    if not begun:
        return None
    if not begun.isdigit() or begun == b"0":
        return begun + await reader.readline()
    while begun.isdigit() and len(begun) <= _MOST_DIGITS:
        begun += await reader.readexactly(1)
    if begun.endswith(b" ") and int(begun) <= MOST_BYTES:
        return await reader.readexactly(int(begun))
    return begun + await reader.readline()
