"""SQL dumps: rows are read, nothing is ever run, and the rest is told."""

from __future__ import annotations

import time

import pytest

from app.domain.errors import InvalidInputError
from app.intake.byte_source import Watch
from app.intake.import_record import Record, Rejected
from app.intake.table_import import open_table

DUMP = r"""-- MariaDB dump 10.19  Distrib 10.11
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `glpi_tickets`;
CREATE TABLE `glpi_tickets` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) DEFAULT NULL COMMENT 'a;b (c)',
  `content` longtext,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
LOCK TABLES `glpi_tickets` WRITE;
INSERT INTO `glpi_tickets` VALUES (1,'It''s; down',NULL),
(2,'Two\nlines, \"quoted\"','x'); # end
INSERT INTO `glpi_users` (`id`, `name`) VALUES (7,'ana');
UNLOCK TABLES;
"""


def rows(text: str) -> list[Record | Rejected]:
    return list(open_table(text.encode()).rows(Watch()))


def test_inserted_rows_come_with_the_names_of_their_columns() -> None:
    found = rows(DUMP)

    assert [row.values for row in found if isinstance(row, Record)] == [
        {
            "table": "glpi_tickets",
            "fields": {"id": 1, "name": "It's; down", "content": None},
        },
        {
            "table": "glpi_tickets",
            "fields": {"id": 2, "name": 'Two\nlines, "quoted"', "content": "x"},
        },
        {"table": "glpi_users", "fields": {"id": 7, "name": "ana"}},
    ]
    assert len(found) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM `glpi_tickets`;",
        "UPDATE glpi_users SET name = 'x; y';",
        "GRANT ALL ON *.* TO 'eve'@'%';",
        "SELECT 'a' INTO OUTFILE '/tmp/x';",
        "CALL run_me();",
        "INSERT INTO `glpi_users` SELECT * FROM mysql.user;",
    ],
)
def test_other_statements_are_passed_over_and_told(statement: str) -> None:
    found = rows(DUMP + statement + "\n")

    assert isinstance(found[-1], Rejected)
    assert "passed over, not run" in found[-1].reason
    assert sum(isinstance(row, Record) for row in found) == 3


@pytest.mark.parametrize("end", ["(3,'never", "(3,", "(3,'a','b'", "(3,'a','b') ("])
def test_a_dump_that_is_cut_off_rejects_its_end_alone(end: str) -> None:
    found = rows(DUMP + "INSERT INTO `glpi_tickets` VALUES " + end)

    assert sum(isinstance(row, Record) for row in found) >= 3
    assert isinstance(found[-1], Rejected)
    assert "cannot be read from here on" in found[-1].reason


def test_a_row_of_another_width_is_rejected_alone() -> None:
    found = rows(DUMP + "INSERT INTO `glpi_tickets` VALUES (1,2),(4,'d','e');")

    assert isinstance(found[3], Rejected)
    assert "2 values for 3 columns" in found[3].reason
    assert isinstance(found[4], Record)


def test_a_value_over_the_edge_of_the_window_is_whole() -> None:
    long = "ä;'" * 200_000
    quoted = long.replace("'", "''")
    text = f"{DUMP}INSERT INTO `glpi_users` (`id`,`name`) VALUES (8,'{quoted}');"

    last = rows(text)[-1]

    assert isinstance(last, Record)
    assert last.values["fields"]["name"] == long


def test_a_dump_without_rows_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="without rows"):
        open_table(b"-- MySQL dump\nCREATE TABLE `a` (`b` int);\n")


def test_a_comment_at_the_end_needs_no_line_break() -> None:
    assert len(rows(DUMP + "-- Dump completed")) == 3


def test_a_comment_that_is_never_ended_is_told() -> None:
    found = rows(DUMP + "/* " * 1000)

    assert isinstance(found[-1], Rejected)
    assert len(found) == 4


@pytest.mark.parametrize("statement", ["CALL " + "a" * 100_000, "CALL '" + "a''" * 50_000])
def test_a_statement_that_is_never_ended_takes_no_long_time(statement: str) -> None:
    begun = time.process_time()

    found = rows(DUMP + statement)

    assert isinstance(found[-1], Rejected)
    assert time.process_time() - begun < 5
