"""The address of a server: read with doubt, shown without its password, safe over a network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.domain.errors import InvalidInputError
from app.storage.team_server import Address


def test_an_address_is_kept_and_shown_without_its_password() -> None:
    address = Address(
        "postgresql://nina%40hq:s%3Acret@db.example.org:5433/help%20desk?sslmode=disable"
    )
    assert (address.user, address.password, address.port) == ("nina@hq", "s:cret", 5433)
    assert address.text == "postgresql://nina%40hq@db.example.org:5433/help%20desk?sslmode=disable"
    assert Address(address.text).text == address.text
    assert address.place == "help desk on db.example.org"
    told = address.parameters("other")
    assert (told["password"], told["dbname"], told["sslmode"]) == ("other", "help desk", "disable")


def test_a_password_crosses_no_network_in_the_clear_unless_asked_for() -> None:
    assert Address("postgres://db/desk").options == {"sslmode": "require"}
    assert Address("postgresql://db/desk?sslmode=verify-full&sslrootcert=/ca.pem").options == {
        "sslmode": "verify-full",
        "sslrootcert": "/ca.pem",
    }
    for near in ("localhost", "127.0.0.1", "[::1]", ""):
        assert "sslmode" not in Address(f"postgresql://{near}/desk").options
    assert "password" not in Address("postgresql://db/desk?password=s3").options


@pytest.mark.parametrize(
    "text", ["", "desk", "http://host/desk", "postgresql://host", "postgresql://h:port/desk"]
)
def test_what_is_no_address_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(InvalidInputError, match="Write postgresql://user@host/database"):
        Address(text)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(InvalidInputError) as refused:
        Address("postgresql://nina:s3cret@host")
    assert "s3cret" not in refused.value.message
    assert "nina" in refused.value.message


def test_a_start_loads_no_driver_of_a_server() -> None:
    told = (
        "import app.storage.database, sys; print(sorted(m for m in sys.modules if 'psycopg' in m))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['psycopg']"
    told += "; from app.storage import team_server as t; print(t._peewee_for_postgres().psycopg)"
