"""Whatever state the file is in, opening it loses nothing and says what happened."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop.storage import migrations, opening, projects, rebuild, sources, versions, videos
from desktop.storage.opening import Opened, Recovery
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction
from tests.storage.builders import START, a_manifest, a_project, a_version, a_video, later

STEPS = migrations.STEPS


def reopened(path: Path, shelf: Shelf) -> Opened:
    return opening.open_file(path, STEPS, rebuild.from_shelf(shelf))


def everything(tx: Transaction) -> dict[str, list[object]]:
    tables = ("projects", "videos", "video_tags", "sources", "scenes", "versions", "takes")
    return {table: tx.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def filled(path: Path, shelf: Shelf, count: int = 30) -> dict[str, list[object]]:
    """Make a library with texts, tags, trash, and versions on the shelf; return all rows."""
    with closing(opening.open_file(path, STEPS).connection) as tx:
        tx.execute("BEGIN")
        projects.insert(tx, a_project(updated_at=later(99)))
        for number in range(count):
            video = a_video(f"v{number:03d}", tags=("tag",), description="whales " * 20)
            videos.insert(tx, video)
            sources.save(tx, video.id, f"# Text {number}\n" + "line\n" * 50, 0, later(number))
        version = a_version(1, "v001")
        versions.insert(tx, version)
        draft = shelf.begin()
        (draft / "source.md").write_text("# Text 1", "utf-8")
        shelf.publish(draft, a_manifest(1, "v001", id=version.id))
        shelf.settle("v001", 1)
        videos.trash(tx, ["v002"], START)
        tx.execute("COMMIT")
        return everything(tx)


def scribble(path: Path, offset: int, length: int = 100) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * length)


def has_schema(path: Path) -> bool:
    """Tell whether a file still says which tables it has."""
    with closing(sqlite3.connect(path)) as tx:
        try:
            return bool(tx.execute("SELECT name FROM sqlite_master").fetchall())
        except sqlite3.DatabaseError:
            return False


def aside(path: Path) -> list[Path]:
    return [item for item in path.parent.glob("library.damaged-*.db") if item.is_file()]


def test_a_new_library_is_empty_and_nothing_was_recovered(path: Path, shelf: Shelf) -> None:
    opened = reopened(path, shelf)
    assert opened.recovery is None
    assert projects.listed(opened.connection) == ()
    opened.connection.close()


def test_folders_on_the_way_are_made(tmp_path: Path, shelf: Shelf) -> None:
    reopened(tmp_path / "a" / "b" / "library.db", shelf).connection.close()


def test_a_sound_file_is_opened_as_it_is(path: Path, shelf: Shelf) -> None:
    before = filled(path, shelf)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert opened.recovery is None
        assert everything(tx) == before
    assert aside(path) == []


@pytest.mark.parametrize("make", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_missing_file_is_filled_from_the_version_folders(
    path: Path, shelf: Shelf, make: Callable[[Path], object]
) -> None:
    filled(path, shelf)
    make(path)
    with closing(reopened(path, shelf).connection) as tx:
        assert [video.id for video in videos.of_project(tx, "p1")] == ["v001"]
        assert len(versions.listed(tx, "v001")) == 1
        assert sources.read(tx, "v001").text == "# Text 1", "that of the newest version"


def test_the_log_of_a_missing_file_is_not_played_into_the_new_one(path: Path, shelf: Shelf) -> None:
    filled(path, shelf)
    path.with_name("library.db-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\xa5" * 5000)
    path.unlink()
    with closing(reopened(path, shelf).connection) as tx:
        assert tx.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert len(versions.listed(tx, "v001")) == 1


@pytest.mark.parametrize("content", [b"no database at all", b"\0" * 8192, b"SQLite format 3\0junk"])
def test_a_file_of_nonsense_is_set_aside_and_rebuilt(
    path: Path, shelf: Shelf, content: bytes
) -> None:
    filled(path, shelf)
    path.write_bytes(content)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert [version.number for version in versions.listed(tx, "v001")] == [1]
    [set_aside] = aside(path)
    assert opened.recovery == Recovery(set_aside, 1, 1, 1)
    assert set_aside.read_bytes()[: len(content)] == content


@pytest.mark.parametrize("page", range(1, 40, 3))
def test_a_damaged_page_costs_at_most_what_is_on_it(path: Path, shelf: Shelf, page: int) -> None:
    """Everything that can be reached is copied; every version on the shelf is there again."""
    before = filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        roots = {row[0] for row in tx.execute("SELECT rootpage FROM sqlite_master")}
    assert page * 4096 < path.stat().st_size
    scribble(path, page * 4096, 4000)
    schema_readable = has_schema(path)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        after = everything(tx)
        assert tx.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert tx.execute("PRAGMA foreign_key_check").fetchall() == []
        tx.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert len(versions.listed(tx, "v001")) == 1
        assert sources.read(tx, "v001").text.startswith("# Text 1")
    if opened.recovery:
        assert opened.recovery.set_aside == aside(path)[0]
        assert opened.recovery.videos == len(after["videos"])
    lost = sum(len(before[table]) - len(after[table]) for table in before)
    # A page holds some 15 videos; with the first page of a table, all of it is out of reach, and
    # with a page of the schema every table, which leaves what is on the shelf.
    assert lost <= 60 or page + 1 in roots or not schema_readable


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.2])
def test_a_truncated_file_gives_what_it_still_has(path: Path, shelf: Shelf, keep: float) -> None:
    filled(path, shelf)
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * keep) // 4096 * 4096)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert opened.recovery is not None
        assert len(versions.listed(tx, "v001")) == 1
        assert projects.get(tx, "p1").title == "Course"


def test_a_damaged_index_is_found_once_somebody_ran_into_it(path: Path, shelf: Shelf) -> None:
    before = filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        tx.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    opened = reopened(path, shelf)
    opened.connection.close()
    assert opened.recovery is None, "every start does not read everything"
    opening.note_damage(path)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert opened.recovery is not None
        assert everything(tx) == before
        tx.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert not path.with_name("library.db.damaged").exists()


def test_a_false_alarm_changes_nothing_and_is_forgotten(path: Path, shelf: Shelf) -> None:
    before = filled(path, shelf)
    opening.note_damage(path)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert (opened.recovery, everything(tx)) == (None, before)
    assert not path.with_name("library.db.damaged").exists()


def test_values_that_nobody_wrote_do_not_stop_a_rebuild(path: Path, shelf: Shelf) -> None:
    filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        tx.execute("UPDATE videos SET status = 'flying' WHERE id = 'v003'")
        tx.execute("UPDATE videos SET tags = 'no json' WHERE id = 'v004'")
        tx.execute("UPDATE videos SET created_at = 9000000000000000000 WHERE id = 'v005'")
        tx.execute("PRAGMA foreign_keys = OFF")
        tx.execute("UPDATE versions SET rate = '0', number = 9, id = 'x' WHERE video_id = 'v001'")
        tx.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    opening.note_damage(path)
    opened = reopened(path, shelf)
    with closing(opened.connection) as tx:
        assert opened.recovery is not None
        assert opened.recovery.videos == 27
        assert [version.number for version in versions.listed(tx, "v001")] == [1]
        assert videos.get(tx, "v001").latest_version == 1
        assert sources.read(tx, "v001").text.startswith("# Text 1")


def test_texts_are_kept_of_videos_that_only_manifests_remember(path: Path, shelf: Shelf) -> None:
    filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        tx.execute("PRAGMA foreign_keys = OFF")
        tx.execute("DELETE FROM videos")
        tx.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    opening.note_damage(path)
    with closing(reopened(path, shelf).connection) as tx:
        assert sources.read(tx, "v001").text.startswith("# Text 1")


def test_videos_whose_project_is_lost_are_kept(path: Path, shelf: Shelf) -> None:
    before = filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        tx.execute("PRAGMA foreign_keys = OFF")
        tx.execute("UPDATE videos SET project_id = 'lost' WHERE id > 'v010'")
        tx.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    opening.note_damage(path)
    with closing(reopened(path, shelf).connection) as tx:
        assert projects.get(tx, "lost").title == "Recovered videos"
        assert everything(tx)["sources"] == before["sources"]


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("nth", range(1, 8))
def test_a_crash_while_rebuilding_loses_nothing(
    path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    """Ends the process before the nth change of a file name; the next start finishes."""
    before = filled(path, shelf)
    with closing(opening.connect(path)) as tx:
        tx.execute("UPDATE search_data SET block = x'00' WHERE id > 10")
    opening.note_damage(path)
    path.with_name("library.db-shm").touch()
    calls = 0

    def ending(name: str) -> Callable[..., Path]:
        real = getattr(Path, name)

        def act(*given: object) -> Path:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise Crash
            moved: Path = real(*given)
            return moved

        return act

    with monkeypatch.context() as patch:
        for name in ("rename", "replace"):
            patch.setattr(Path, name, ending(name))
        try:
            reopened(path, shelf).connection.close()
        except Crash:
            pass
        else:
            assert nth > 5, "there is a name to change"
    with closing(reopened(path, shelf).connection) as tx:
        assert everything(tx) == before
        assert tx.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(aside(path)) == 1
    leftovers = {item.name for item in path.parent.iterdir()}
    assert not {"library.db.rebuilt", "library.db.rebuilding", "library.db.damaged"} & leftovers


def test_a_rebuild_that_fails_leaves_the_damaged_file_in_place(path: Path, shelf: Shelf) -> None:
    filled(path, shelf)
    path.write_bytes(b"no database at all")

    def failing(tx: sqlite3.Connection, damaged: Path) -> Recovery:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        opening.open_file(path, STEPS, failing)
    assert path.read_bytes() == b"no database at all"
    assert aside(path) == []


def test_damage_without_folders_to_rebuild_from_still_opens(path: Path) -> None:
    path.write_bytes(b"no database at all")
    opened = opening.open_file(path, STEPS)
    opened.connection.close()
    assert opened.recovery == Recovery(aside(path)[0])


def test_manifests_add_only_what_is_missing(tx: Transaction) -> None:
    known = a_video("v1", title="Newer title", updated_at=later(99))
    videos.insert(tx, known)
    found = [a_manifest(1), a_manifest(2), a_manifest(1, "v2"), a_manifest(2, "v2")]
    assert rebuild.adopt(tx, found) == 4
    assert rebuild.adopt(tx, found) == 0
    assert videos.get(tx, "v1").title == "Newer title"
    assert videos.get(tx, "v2").latest_version == 2


def test_a_forgotten_video_gets_the_title_of_its_newest_version(tx: Transaction) -> None:
    old, new = a_manifest(1), a_manifest(2)
    old_video = a_video("v1", title="Old", tags=("old",), updated_at=later(1))
    new_video = a_video("v1", title="New", tags=("new",), updated_at=later(2))
    manifests = (
        type(old)(old.project, old_video, old.version),
        type(new)(new.project, new_video, new.version),
    )
    rebuild.adopt(tx, manifests)
    video = videos.get(tx, "v1")
    assert (video.title, video.tags, video.latest_version) == ("New", ("new",), 2)
