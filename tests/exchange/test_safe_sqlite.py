"""A stranger's database is read, and nothing in it runs, writes or calls for more."""

import contextlib
import sqlite3

import dnamade
import pytest

from positions.exchange import safe_sqlite
from positions.exchange.dna import reader as dna_reader
from positions.exchange.safe_sqlite import Refused
from positions.study.csv_reader import ReadLimits


def attempt(path, **limits):
    return dna_reader.read_dna(path, ReadLimits(**limits))


def test_a_sound_file_is_read_and_not_touched(tmp_path):
    path = dnamade.write(tmp_path / "a?b#c%20.dna")
    before = path.read_bytes()
    assert len(attempt(path).statements) == 4
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_nothing_but_plain_reading_is_allowed(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    for statement in (
        f"ATTACH '{tmp_path / 'y.db'}' AS y",
        "SELECT load_extension('x')",
        "SELECT randomblob(1000000000)",
        "INSERT INTO CODERS VALUES (9, 'x', 0, '')",
        "CREATE TEMP TABLE t(a)",
        "PRAGMA query_only=OFF",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c",
    ):
        with (
            pytest.raises(Refused, match="cannot be read"),
            safe_sqlite.opened(path, ReadLimits()) as connection,
        ):
            connection.execute(statement).fetchall()
    assert not (tmp_path / "y.db").exists()


def spoilt(tmp_path, sql):
    return dnamade.write(tmp_path / "x.dna", more=sql)


def test_a_view_in_the_place_of_a_table_is_no_table(tmp_path):
    path = spoilt(
        tmp_path, "ALTER TABLE CODERS RENAME TO C; CREATE VIEW CODERS AS SELECT * FROM C;"
    )
    with pytest.raises(Refused, match="CODERS lacks ID, Name"):
        attempt(path)


def test_a_virtual_table_is_refused(tmp_path):
    path = spoilt(tmp_path, "DROP TABLE CODERS; CREATE VIRTUAL TABLE CODERS USING fts5(ID, Name);")
    with pytest.raises(Refused, match="virtual: it runs code"):
        attempt(path)


@pytest.mark.parametrize("kind", ["VIRTUAL", "STORED"])
def test_a_generated_column_that_runs_a_function_is_refused(kind, tmp_path):
    path = spoilt(tmp_path, f"""DROP TABLE CODERS; CREATE TABLE CODERS(ID INTEGER PRIMARY KEY,
        Name TEXT GENERATED ALWAYS AS (hex(zeroblob(100))) {kind});
        INSERT INTO CODERS(ID) VALUES (1);""")  # fmt: skip
    with pytest.raises(Refused, match="a generated column: it runs code"):
        attempt(path)


def test_more_rows_or_bytes_than_the_limit_are_refused(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    with pytest.raises(Refused, match="STATEMENTS has more than 3 rows"):
        attempt(path, records=3)
    with pytest.raises(Refused, match=r"the file has \d+ bytes; the limit is 1000"):
        attempt(path, bytes_per_file=1000)
    with pytest.raises(Refused, match="string or blob too big"):
        attempt(path, archive_inflated=60)


def test_a_reading_that_takes_too_long_is_interrupted(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.executemany("INSERT INTO STATEMENTS VALUES (NULL, 1, 1, 0, 1, 1)", [()] * 20_000)
        file.commit()
    with pytest.raises(Refused, match="interrupted"):
        attempt(path, seconds=-1.0)


def test_a_link_and_what_is_no_database_are_refused(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    (tmp_path / "link.dna").symlink_to(path)
    with pytest.raises(Refused, match="not a regular file"):
        attempt(tmp_path / "link.dna")
    (tmp_path / "one.dna").write_text("<?xml version='1.0'?><dna/>")
    with pytest.raises(Refused, match="not a SQLite file"):
        attempt(tmp_path / "one.dna")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.dna")) as file:
        file.execute("CREATE TABLE a(b)")
        file.commit()
    with pytest.raises(Refused, match="not a database of DNA 2 or 3: DOCUMENTS lacks"):
        attempt(tmp_path / "other.dna")


def test_changes_that_are_not_yet_in_the_file_are_not_passed_over(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    with contextlib.closing(sqlite3.connect(path)) as program:
        program.execute("PRAGMA journal_mode=WAL")
        program.execute("UPDATE CODERS SET Name = 'Cee'")
        program.commit()
        with pytest.raises(Refused, match=r"changes of it still lie in x\.dna-wal: open it in"):
            attempt(path)
    assert set(row.coder for row in attempt(path).statements) == {"Cee"}
    (tmp_path / "x.dna-journal").write_bytes(b"half a change")
    with pytest.raises(Refused, match=r"x\.dna-journal"):
        attempt(path)
    (tmp_path / "x.dna-journal").write_bytes(b"")
    assert len(attempt(path).statements) == 4


@pytest.mark.parametrize("cut", [101, 1000, 5000, 20_000])
def test_a_database_cut_short_is_refused_and_not_half_read(cut, tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Refused):
        attempt(path)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE STATEMENTS SET Start = 'x'", "Start must be a whole number, not 'x'"),
        ("UPDATE DOCUMENTS SET Text = x'00'", "Text must be text, not b"),
        ("UPDATE DOCUMENTS SET Date = 1.5", "Date must be a whole number, not 1.5"),
    ],
)
def test_a_value_of_another_type_is_refused(sql, words, tmp_path):
    with pytest.raises(Refused, match=words):
        attempt(spoilt(tmp_path, sql))
