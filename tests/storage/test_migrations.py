"""Older files are copied, then brought up to date step by step; newer ones are left alone."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from desktop.domain.errors import Refused
from desktop.storage import migrations, opening
from desktop.storage.migrations import STEPS, Step
from tests.storage.builders import START, a_project

NEXT = len(STEPS) + 1


def add_mood(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE projects ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")


def break_down(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE projects ADD COLUMN never TEXT")
    raise ValueError("the step is wrong")


def opened(path: Path, steps: Sequence[Step]) -> closing[sqlite3.Connection]:
    return closing(opening.open_file(path, steps).connection)


def schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("library.format-*"))


def with_a_project(path: Path, steps: Sequence[Step] = STEPS) -> None:
    from desktop.storage import projects

    with opened(path, steps) as connection:
        projects.insert(connection, a_project(title="Kept", created_at=START))


@pytest.mark.parametrize("done", range(len(STEPS) + 1))
def test_a_file_after_any_number_of_steps_gets_the_remaining_ones(path: Path, done: int) -> None:
    with opened(path, STEPS[:done]) as connection:
        assert migrations.user_version(connection) == done
    with opened(path, STEPS) as migrated, opened(path.with_name("new.db"), STEPS) as new:
        assert migrations.user_version(migrated) == len(STEPS)
        assert schema(migrated) == schema(new)
        assert migrated.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
        assert migrated.execute("PRAGMA application_id").fetchone() == (migrations.APPLICATION_ID,)


def test_a_new_file_needs_no_copy(path: Path) -> None:
    with opened(path, STEPS):
        assert copies(path) == []


def test_an_older_file_is_copied_before_it_is_changed(path: Path) -> None:
    with_a_project(path)
    with opened(path, (*STEPS, add_mood)) as connection:
        assert connection.execute("SELECT title, mood FROM projects").fetchall() == [
            ("Kept", "calm")
        ]
    [copy] = copies(path)
    with opened(copy, STEPS) as connection:
        assert migrations.user_version(connection) == len(STEPS)
        assert connection.execute("SELECT title FROM projects").fetchall() == [("Kept",)]


def test_an_older_program_opens_the_copy(path: Path) -> None:
    with_a_project(path)
    with opened(path, (*STEPS, add_mood)):
        pass
    with pytest.raises(Refused):
        opening.open_file(path, STEPS)
    [copy] = copies(path)
    copy.replace(path)
    with opened(path, STEPS) as connection:
        assert connection.execute("SELECT title FROM projects").fetchall() == [("Kept",)]


def test_only_the_newest_copies_are_kept(path: Path) -> None:
    for version in (8, 9, 10, 11):
        stamp = f"2026030{version - 7}T000000000000Z"
        path.with_name(f"library.format-{version}-{stamp}.db").touch()
    with_a_project(path)
    with opened(path, (*STEPS, add_mood)):
        formats = {copy.name.split("-")[1] for copy in copies(path)}
    assert formats == {"10", "11", str(len(STEPS))}


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    with_a_project(path)
    with opened(path, STEPS) as connection:
        before = schema(connection)
    with pytest.raises(ValueError, match="the step is wrong"):
        opening.open_file(path, (*STEPS, break_down))
    with opened(path, STEPS) as connection:
        assert schema(connection) == before
        assert migrations.user_version(connection) == len(STEPS)
        assert connection.execute("SELECT title FROM projects").fetchall() == [("Kept",)]


def test_steps_before_the_one_that_fails_are_kept(path: Path) -> None:
    with_a_project(path)
    with pytest.raises(ValueError, match="the step is wrong"):
        opening.open_file(path, (*STEPS, add_mood, break_down))
    with opened(path, (*STEPS, add_mood)) as connection:
        assert migrations.user_version(connection) == NEXT
        assert connection.execute("SELECT mood FROM projects").fetchall() == [("calm",)]


def test_a_newer_file_is_refused_and_not_touched(path: Path) -> None:
    with_a_project(path)
    with opened(path, (*STEPS, add_mood)):
        pass
    for copy in copies(path):
        copy.unlink()
    before = hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns
    with pytest.raises(Refused) as caught:
        opening.open_file(path, STEPS)
    assert "newer" in caught.value.title
    assert "Update Proofreel" in caught.value.remedy
    assert (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns) == before
    assert {item.name for item in path.parent.iterdir()} <= {"library.db", "library.db.lock"}


def test_the_file_of_another_program_is_refused_and_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 42")
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        opening.open_file(path, STEPS)
    assert "not a Proofreel library" in caught.value.title
    assert path.read_bytes() == before
