"""A real Alertmanager and a real Nagios: down opens one incident, repeats join, recovery resolves.

Alertmanager posts to the webhook with the token; Nagios runs a notification command that writes
the macros of its mail into a drop folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.services.serving import Places
from app.storage import alert_rows
from app.system.clock import SystemClock
from tests.services.test_serving import HERE, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.services.desk import Desk

pytestmark = pytest.mark.monitoring
PATIENCE_S = 60.0
_MACROS = ("NOTIFICATIONTYPE", "HOSTNAME", "SERVICEDESC", "SERVICESTATE", "SERVICEOUTPUT")
_ALERTMANAGER = """
route:
  receiver: desk
  group_by: [alertname, host]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1s
receivers:
  - name: desk
    webhook_configs:
      - url: http://127.0.0.1:{port}/alerts/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: t
"""
_NAGIOS = """
log_file={folder}/nagios.log
cfg_file={folder}/objects.cfg
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
state_retention_file={folder}/retention.dat
command_file={folder}/nagios.cmd
query_socket={folder}/nagios.qh
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/results
nagios_user={user}
nagios_group={user}
interval_length=1
enable_notifications=1
execute_service_checks=1
execute_host_checks=1
illegal_macro_output_chars=`~$&|'"<>
check_for_updates=0
use_syslog=0
"""
_OBJECTS = """
define timeperiod {{
  timeperiod_name always
  alias always
  sunday 00:00-24:00
  monday 00:00-24:00
  tuesday 00:00-24:00
  wednesday 00:00-24:00
  thursday 00:00-24:00
  friday 00:00-24:00
  saturday 00:00-24:00
}}
define command {{
  command_name look
  command_line /bin/sh {folder}/look.sh
}}
define command {{
  command_name well
  command_line /bin/true
}}
define command {{
  command_name tell
  command_line /bin/sh {folder}/tell.sh {macros}
}}
define contact {{
  contact_name desk
  host_notification_period always
  service_notification_period always
  host_notification_options n
  service_notification_options w,u,c,r
  host_notification_commands well
  service_notification_commands tell
}}
define host {{
  host_name db1
  address 127.0.0.1
  check_command well
  max_check_attempts 1
  check_period always
  contacts desk
  notification_interval 0
  notification_period always
}}
define service {{
  host_name db1
  service_description Disk
  check_command look
  max_check_attempts 1
  check_interval 1
  retry_interval 1
  check_period always
  contacts desk
  notification_interval 1
  notification_period always
  notification_options w,u,c,r
  first_notification_delay 0
}}
"""
_TELL = """
made="{drop}/nagios-$$-$(date +%s%N).txt"
printf 'Notification Type: %s\\nService: %s\\nHost: %s\\nState: %s\\nAdditional Info: %s\\n' \\
  "$1" "$3" "$2" "$4" "$5" > "$made.tmp"
mv "$made.tmp" "$made"
"""


@pytest.fixture
def live(desk: Desk) -> Desk:
    """Let the desk have the time of the day: what the tools say is of now."""
    desk.clock = SystemClock()
    desk.store.clock = desk.clock
    return desk


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])


@contextmanager
def running(words: list[str], log: Path) -> Iterator[None]:
    with log.open("wb") as said:
        process = subprocess.Popen(words, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


async def until(true: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not come; {log.read_text(errors='replace')[-2_000:]}")
        await asyncio.sleep(0.1)


def incidents(desk: Desk) -> list[str]:
    rows: Any = desk.connection.execute("SELECT status FROM incident")
    return [str(status) for (status,) in rows]


def seen(desk: Desk) -> int:
    return alert_rows.total(desk.connection)


def tell_alertmanager(port: int, ends_at: str | None = None) -> None:
    alert: dict[str, Any] = {
        "labels": {"alertname": "HostDown", "host": "web1", "severity": "critical"},
        "annotations": {"summary": "web1 does not answer"},
    }
    if ends_at:
        alert["endsAt"] = ends_at
    request = urllib.request.Request(
        f"http://{HERE}:{port}/api/v2/alerts",
        json.dumps([alert]).encode(),
        {"Content-Type": "application/json"},
    )
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(request, timeout=10).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.mark.skipif(
    not shutil.which("prometheus-alertmanager"), reason="Alertmanager is not installed"
)
def test_alertmanager_opens_joins_and_resolves_one_incident(live: Desk, tmp_path: Path) -> None:
    log = tmp_path / "alertmanager.log"

    async def work(ports: dict[str, int]) -> None:
        configuration = tmp_path / "alertmanager.yml"
        configuration.write_text(_ALERTMANAGER.format(port=ports["webhook"]))
        port = free_port()
        words = [
            "prometheus-alertmanager",
            f"--config.file={configuration}",
            f"--storage.path={tmp_path / 'data'}",
            f"--web.listen-address={HERE}:{port}",
            "--cluster.listen-address=",
        ]
        with running(words, log):
            await asyncio.to_thread(tell_alertmanager, port)
            await until(lambda: seen(live) >= 1, "The alert", log)
            assert incidents(live) == ["new"]
            await until(lambda: seen(live) >= 3, "A repeat", log)
            assert incidents(live) == ["new"]
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            await asyncio.to_thread(tell_alertmanager, port, now)
            await until(lambda: incidents(live) == ["resolved"], "The recovery", log)

    _, told = served(live, Places(webhook=(HERE, 0), token="t"), work)
    actions = [one["action"] for one in told if one["event"] == "alert"]
    assert actions[0] == "opened"
    assert set(actions[1:]) >= {"joined", "closed"}
    assert actions.count("opened") == actions.count("closed") == 1


@pytest.mark.skipif(not shutil.which("nagios4"), reason="Nagios 4 is not installed")
def test_nagios_opens_joins_and_resolves_one_incident(live: Desk, tmp_path: Path) -> None:
    log, drop, well = tmp_path / "nagios.log", tmp_path / "drop", tmp_path / "well"
    for folder in (drop, tmp_path / "results"):
        folder.mkdir()
    names = {"folder": tmp_path, "drop": drop, "user": pwd.getpwuid(os.getuid()).pw_name}
    names["macros"] = " ".join(f'"${one}$"' for one in _MACROS)
    (tmp_path / "nagios.cfg").write_text(_NAGIOS.format(**names))
    (tmp_path / "objects.cfg").write_text(_OBJECTS.format(**names))
    (tmp_path / "tell.sh").write_text(_TELL.format(**names))
    (tmp_path / "look.sh").write_text(
        f'if [ -e "{well}" ]; then echo "DISK OK"; exit 0; fi\necho "DISK CRITICAL"; exit 2\n'
    )

    async def work(_: dict[str, int]) -> None:
        with running(["nagios4", str(tmp_path / "nagios.cfg")], tmp_path / "said.log"):
            await until(lambda: seen(live) >= 1, "The alert", log)
            assert incidents(live) == ["new"]
            await until(lambda: seen(live) >= 3, "A repeat", log)
            assert incidents(live) == ["new"]
            well.touch()
            await until(lambda: incidents(live) == ["resolved"], "The recovery", log)

    _, told = served(live, Places(drop=drop), work)
    actions = [one["action"] for one in told if one["event"] == "drop"]
    assert actions[0] == "opened"
    assert actions.count("opened") == actions.count("closed") == 1
    assert "joined" in actions
