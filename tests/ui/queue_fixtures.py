"""Lists for tests of the queue: a source of plain Python rows, and the rows of the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.listing import Group, ListQuery, ListRow
from app.ui.incidents.list_source import heading

if TYPE_CHECKING:
    from app.ui.incidents.list_source import Heading

NOW_MS = 1_795_602_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def make_row(number: int, title: str = "", **values: object) -> ListRow:
    """Make a row with harmless values; any field may be given."""
    base: dict[str, object] = {
        "id": number.to_bytes(16, "big"),
        "number": f"INC-{number}",
        "title": title or f"Incident {number}",
        "priority": "P3",
        "status": "new",
        "pending_reason": "",
        "registered_ms": NOW_MS - 2 * HOUR,
        "updated_ms": NOW_MS - HOUR,
        "due_ms": NOW_MS + 3 * HOUR,
        "paused": False,
        "stopped": False,
        "breached": False,
        "assignee": "",
        "team": "Desk",
        "requester": "Nina Berg",
        "category": "Hardware",
        "service": "Print",
        "ci": "",
        "location": "HQ",
        "impact": 2,
        "urgency": 2,
        "severity": 0,
        "channel": "phone",
        "tags": "",
        "major": False,
        "unread": False,
        "conflict": False,
    }
    return ListRow(**(base | values))  # type: ignore[arg-type]


class ListOfRows:
    """A `ListSource` over plain lists; counts what it is asked."""

    def __init__(self, bands: dict[str, tuple[str, list[ListRow]]]) -> None:
        self.bands = bands
        self.asked: list[tuple[str, int]] = []
        self.fails: Exception | None = None

    def first_rows(self, query: ListQuery, limit: int) -> list[tuple[Group, list[ListRow]]]:
        return []

    def groups(self, query: ListQuery) -> list[Group]:
        if self.fails:
            raise self.fails
        if not query.group:
            return [Group("", "", sum(len(rows) for _, rows in self.bands.values()))]
        return [Group(key, label, len(rows)) for key, (label, rows) in self.bands.items()]

    def page(
        self, query: ListQuery, group_key: str, offset: int, limit: int, total: int | None = None
    ) -> list[ListRow]:
        self.asked.append((group_key, offset))
        rows = self.flat() if not query.group else self.bands[group_key][1]
        return rows[offset : offset + limit]

    def headings(self, query: ListQuery) -> list[Heading]:
        return [heading(row) for row in self.flat()]

    def flat(self) -> list[ListRow]:
        return [row for _, rows in self.bands.values() for row in rows]


class MillionRows:
    """A flat `ListSource` that makes its rows when they are asked for."""

    def __init__(self, count: int = 1_000_000) -> None:
        self.count = count
        self.made = 0

    def first_rows(self, query: ListQuery, limit: int) -> list[tuple[Group, list[ListRow]]]:
        return []

    def groups(self, query: ListQuery) -> list[Group]:
        return [Group("", "", self.count)]

    def page(
        self, query: ListQuery, group_key: str, offset: int, limit: int, total: int | None = None
    ) -> list[ListRow]:
        rows = [make_row(n + 1) for n in range(offset, min(offset + limit, self.count))]
        self.made += len(rows)
        return rows

    def headings(self, query: ListQuery) -> list[Heading]:
        return [heading(make_row(n + 1)) for n in range(self.count)]


def desk_queue() -> ListOfRows:
    """Return the rows of the picture main-light.png, at `NOW_MS`."""
    ana, jon, mia = "Ana Ruiz", "Jon Park", "Mia Sol"

    def row(
        number: int, title: str, priority: str, status: str, left: int, age: int, who: str = "",
        **more: object,
    ) -> ListRow:  # fmt: skip
        return make_row(
            number,
            title,
            priority=priority,
            status=status,
            due_ms=NOW_MS + left if left else 0,
            registered_ms=NOW_MS - age,
            assignee=who,
            **more,
        )

    return ListOfRows(
        {
            "breached": (
                "Breached",
                [
                    row(2041, "Card payments failing at all HQ tills", "P1", "in_progress",
                        -12 * MINUTE, HOUR, ana, unread=True, major=True),
                ],
            ),
            "due_1h": (
                "Due within 1 hour",
                [
                    row(2047, "VPN drops every few minutes after client 5.2 update on laptops",
                        "P2", "in_progress", 38 * MINUTE, 3 * HOUR, ana),
                    row(2052, "Shared mailbox “Invoices” not receiving", "P2", "new",
                        51 * MINUTE, 9 * MINUTE, unread=True),
                    row(2050, "Core switch SW-03 unreachable, floor 2", "P1", "assigned",
                        54 * MINUTE, 6 * MINUTE, jon, unread=True),
                ],
            ),
            "due_today": (
                "Due today",
                [
                    row(2046, "Cannot open shared calendar after name change in the directory",
                        "P3", "new", 2 * HOUR + 48 * MINUTE, 2 * HOUR),
                    row(2049, "Second monitor flickers on docking station", "P3", "in_progress",
                        3 * HOUR + 25 * MINUTE, HOUR, mia),
                    row(2039, "Slow login on shared training laptops", "P3", "in_progress",
                        4 * HOUR + 4 * MINUTE, 6 * HOUR, jon),
                    row(2051, "Badge reader at east door needs two taps", "P3", "new",
                        5 * HOUR + 12 * MINUTE, 21 * MINUTE),
                ],
            ),
            "later": (
                "Later",
                [
                    row(2043, "Request: larger mailbox quota", "P4", "new",
                        DAY + 2 * HOUR, 5 * HOUR),
                    row(2036, "Desk phone shows wrong name", "P4", "in_progress",
                        DAY + 6 * HOUR, 23 * HOUR, mia),
                    row(2035, "Old projector in room 4 to be retired", "P4", "new",
                        DAY + 12 * HOUR, DAY),
                ],
            ),
            "paused": (
                "Clock paused",
                [
                    row(2044, "Label printers in warehouse offline", "P2", "pending", 0, 4 * HOUR,
                        ana, paused=True),
                    row(2038, "Excel add-in missing after update", "P3", "pending", 0, 8 * HOUR,
                        mia, paused=True),
                    row(2033, "Update signature template for sales", "P4", "pending", 0, 2 * DAY,
                        ana, paused=True),
                ],
            ),
        }
    )  # fmt: skip
