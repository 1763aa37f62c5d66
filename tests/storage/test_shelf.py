"""A version folder is there as a whole or not at all, and never changes."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from desktop.domain.library import Version
from desktop.storage import manifest as manifests
from desktop.storage import shelf as shelf_module
from desktop.storage.manifest import Manifest
from desktop.storage.shelf import Shelf
from tests.storage.builders import a_manifest

FILES = ("video.mp4", "poster.jpg", "sprite.jpg", "sprite.json", "captions.vtt", "source.md")


def published(
    shelf: Shelf, number: int = 1, video_id: str = "v1", content: str = "film"
) -> Manifest:
    draft = shelf.begin()
    for name in FILES:
        (draft / name).write_text(content)
    manifest = a_manifest(number, video_id)
    shelf.publish(draft, manifest)
    return manifest


def dead_name() -> str:
    """Name a draft as a process did that is gone now."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{process.pid}-1-abcd"


def by_a_dead_process(shelf: Shelf) -> None:
    """Let the notes of this process look like those of one that crashed."""
    building = shelf.folder / "building"
    for note in building.glob("*.json"):
        note.rename(building / f"{dead_name()}.json")


def test_a_published_version_has_its_files_and_manifest(shelf: Shelf) -> None:
    manifest = published(shelf)
    files = shelf.files("v1", 1)
    assert Path(files.video).read_text() == "film"
    assert Path(files.source).name == "source.md"
    assert all((files.poster, files.sprite, files.sprite_index, files.captions))
    assert files.module == ""
    assert shelf.manifest("v1", 1).version == manifest.version


@pytest.mark.parametrize("suffix", shelf_module.VIDEO_SUFFIXES)
def test_imported_footage_keeps_its_kind(shelf: Shelf, suffix: str) -> None:
    draft = shelf.begin()
    (draft / f"video.{suffix}").touch()
    assert shelf.publish(draft, a_manifest()).video.endswith(f"video.{suffix}")


def test_a_version_that_is_not_there_has_no_files(shelf: Shelf) -> None:
    assert shelf.files("v1", 1).video == ""
    with pytest.raises(NotFound):
        shelf.folder_of("v1", 1)
    with pytest.raises(NotFound):
        shelf.manifest("v1", 1)


def test_numbers_go_on_after_the_newest_folder(shelf: Shelf) -> None:
    assert shelf.next_number("v1") == 1
    published(shelf, 1)
    published(shelf, 1_000_000)
    assert shelf.next_number("v1") == 1_000_001


def test_a_number_that_is_taken_keeps_what_it_has(shelf: Shelf) -> None:
    published(shelf, content="first")
    draft = shelf.begin()
    (draft / "video.mp4").write_text("second")
    with pytest.raises(Conflict):
        shelf.publish(draft, a_manifest())
    assert Path(shelf.files("v1", 1).video).read_text() == "first"
    shelf.publish(draft, a_manifest(2))
    assert Path(shelf.files("v1", 2).video).read_text() == "second"


def test_not_even_an_empty_folder_is_taken_over(shelf: Shelf) -> None:
    (shelf.folder / "videos" / "v1" / "versions" / "000001").mkdir(parents=True)
    with pytest.raises(Conflict):
        shelf.publish(shelf.begin(), a_manifest())


def test_losing_a_number_does_not_hide_the_winner_from_the_next_start(shelf: Shelf) -> None:
    winner = published(shelf)
    by_a_dead_process(shelf)
    with pytest.raises(Conflict):
        shelf.publish(shelf.begin(), a_manifest())
    assert [found.version for found in shelf.unsettled()] == [winner.version]


def test_a_version_the_database_knows_is_settled(shelf: Shelf) -> None:
    published(shelf, 1)
    published(shelf, 2)
    shelf.settle("v1", 1)
    by_a_dead_process(shelf)
    assert [found.version.number for found in shelf.unsettled()] == [2]
    shelf.settle("v1", 2)
    assert shelf.unsettled() == ()
    assert list((shelf.folder / "building").iterdir()) == []


def test_a_version_that_is_just_being_recorded_is_left_to_its_process(shelf: Shelf) -> None:
    published(shelf)
    assert shelf.unsettled() == ()


def test_a_discarded_draft_is_gone(shelf: Shelf) -> None:
    draft = shelf.begin()
    (draft / "video.mp4").touch()
    shelf.discard(draft)
    shelf.discard(draft)
    assert list((shelf.folder / "building").iterdir()) == []


def test_a_start_sweeps_what_crashed_processes_left_but_not_what_others_build(shelf: Shelf) -> None:
    building = shelf.folder / "building"
    for name in (dead_name(), "no-process", "strange"):
        (building / name).mkdir()
        (building / name / "video.mp4").touch()
    mine = shelf.begin()
    (mine / "video.mp4").touch()
    Shelf(shelf.folder).prepare()
    assert list(building.iterdir()) == [mine]


def test_a_process_that_died_but_was_not_reaped_is_dead(shelf: Shelf) -> None:
    code = "import os; from desktop.storage.shelf import _process; print(_process(), flush=True)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    (shelf.folder / "building" / process.stdout.read().strip()).mkdir()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    shelf.prepare()
    assert list((shelf.folder / "building").iterdir()) == []
    process.wait()
    process.stdout.close()


STEPS_OF_PUBLISHING = ("_sync_files", "_rename_new", "_sync_folder", "_sync")


@pytest.mark.parametrize("step", STEPS_OF_PUBLISHING)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_crash_at_any_step_leaves_a_whole_version_or_none(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, step: str, when: str, nth: int
) -> None:
    """The process ends inside ``step``; the next start finds all of it, or nothing."""
    real: Callable[..., None] = getattr(shelf_module, step)
    calls = 0

    def ending(*given: object) -> None:
        nonlocal calls
        calls += 1
        if calls == nth and when == "before":
            raise SystemExit
        real(*given)
        if calls == nth:
            raise SystemExit

    monkeypatch.setattr(shelf_module, step, ending)
    try:
        manifest = published(shelf)
    except SystemExit:
        manifest = None
    monkeypatch.undo()
    by_a_dead_process(shelf)
    for draft in (shelf.folder / "building").glob("*-*"):
        if draft.is_dir():
            draft.rename(draft.with_name(dead_name()))
    again = Shelf(shelf.folder)
    again.prepare()
    adopted = again.unsettled()
    assert len(adopted) == again.next_number("v1") - 1
    assert manifest is None or [found.version for found in adopted] == [manifest.version]
    for found in adopted:
        folder = again.folder_of("v1", found.version.number)
        assert {path.name for path in folder.iterdir()} == {*FILES, "manifest.json"}
        again.settle("v1", found.version.number)
    assert list((shelf.folder / "building").iterdir()) == []


def test_manifests_come_oldest_version_first(shelf: Shelf) -> None:
    for number in (2, 10, 1):
        published(shelf, number)
    published(shelf, 1, "v0")
    order = [(found.video.id, found.version.number) for found in shelf.manifests()]
    assert order == [("v0", 1), ("v1", 1), ("v1", 2), ("v1", 10)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text(path.read_text()[:100]),
        lambda path: path.write_bytes(b"\xff\xfe\0garbage"),
        lambda path: path.write_text(""),
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.write_text(path.read_text().replace('"number": 1', '"number": 7')),
        lambda path: path.write_text(path.read_text().replace('"schema": 1', '"schema": 99')),
    ],
)
def test_a_damaged_manifest_is_left_out_with_a_line_in_the_log(
    shelf: Shelf, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], object]
) -> None:
    published(shelf, 1)
    published(shelf, 2)
    damage(shelf.folder_of("v1", 1) / "manifest.json")
    with caplog.at_level(logging.WARNING):
        assert [found.version.number for found in shelf.manifests()] == [2]
    assert "000001" in caplog.text
    assert shelf.folder_of("v1", 1).is_dir(), "what cannot be read is not deleted"


def test_things_that_are_no_versions_are_passed_over(shelf: Shelf) -> None:
    published(shelf)
    for name in ("videos/.DS_Store", "videos/v1/versions/notes.txt", "videos/v1/versions/000009"):
        (shelf.folder / name).touch()
    (shelf.folder / "videos" / "not an id").mkdir()
    (shelf.folder / "videos" / "v2" / "assets").mkdir(parents=True)
    assert [found.version.number for found in shelf.manifests()] == [1]


def test_a_damaged_unsettled_version_keeps_its_note(shelf: Shelf) -> None:
    published(shelf)
    by_a_dead_process(shelf)
    path = shelf.folder_of("v1", 1) / "manifest.json"
    whole = path.read_text()
    path.write_text("{")
    assert shelf.unsettled() == ()
    path.write_text(whole)
    assert len(shelf.unsettled()) == 1


def test_damaged_notes_are_passed_over(shelf: Shelf) -> None:
    for number, text in enumerate(("", "[]", "{}", '["v1"]', '["v1", "x"]', "null")):
        (shelf.folder / "building" / f"1-1-{number}.json").write_text(text)
    assert shelf.unsettled() == ()


def test_a_purged_video_is_out_of_sight_at_once_and_gone(shelf: Shelf) -> None:
    published(shelf)
    (shelf.assets("v1") / "picture.png").touch()
    shelf.purge("v1")
    shelf.purge("v1")
    assert list((shelf.folder / "videos").iterdir()) == []
    assert [path for path in (shelf.folder / "building").iterdir() if path.is_dir()] == []


def test_a_crash_while_purging_does_not_leave_half_a_video(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(shelf)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda path: None)
        shelf.purge("v1")
    assert list(shelf.manifests()) == []


@pytest.mark.parametrize("identity", ["", ".", "..", "../x", "a/b", "a\\b", "a\0", "-a", "x" * 65])
def test_no_id_leads_out_of_the_folder(shelf: Shelf, identity: str) -> None:
    for act in (shelf.assets, shelf.video_folder, shelf.purge, shelf.next_number):
        with pytest.raises(ValueError, match="not an id"):
            act(identity)


def test_folders_are_made_when_asked_for(shelf: Shelf) -> None:
    assert shelf.assets("v1").is_dir()
    assert shelf.video_folder("v2").is_dir()


@pytest.mark.parametrize(("error", "title"), [(28, "full"), (30, "read-only"), (5, "drive")])
def test_a_fault_while_publishing_is_told_and_nothing_is_published(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, error: int, title: str
) -> None:
    def failing(path: Path) -> None:
        raise OSError(error, os.strerror(error), str(path))

    monkeypatch.setattr(shelf_module, "_sync", failing)
    with pytest.raises(Unavailable) as caught:
        published(shelf)
    assert title in caught.value.title
    assert caught.value.remedy
    assert list(shelf.manifests()) == []


def test_a_folder_moved_to_another_video_is_told(shelf: Shelf) -> None:
    published(shelf)
    target = shelf.video_folder("v2") / "versions"
    shelf.folder_of("v1", 1).parent.rename(target)
    with pytest.raises(InvalidInput) as caught:
        shelf.manifest("v2", 1)
    assert "wrong place" in caught.value.title


def test_a_manifest_on_disk_is_readable_by_people(shelf: Shelf) -> None:
    version: Version = published(shelf).version
    document = json.loads((shelf.folder_of("v1", 1) / "manifest.json").read_text("utf-8"))
    assert document["format"] == manifests.FORMAT
    assert document["version"]["id"] == version.id
