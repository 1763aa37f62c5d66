"""The store shows complete takes or none, whoever else uses it."""

import errno
import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from desktop.domain.errors import Problem, Severity
from desktop.rendering.jobs import Cue, Take
from desktop.rendering.store import POSTER, RECORD, VIDEO, RenderStore

KEY = "ab" + "0" * 62


def parcel(folder: Path, size: int = 1000) -> Path:
    """Return a folder with the files of a take; the contents mean nothing here."""
    folder.mkdir(parents=True)
    (folder / VIDEO).write_bytes(b"v" * size)
    (folder / POSTER).write_bytes(b"p" * 10)
    return folder


def take(key: str = KEY, **values: object) -> Take:
    given = {"frames": 30, "width": 256, "height": 144, "fps": 15, **values}
    return Take(key=key, folder="", video="", poster="", **given)  # type: ignore[arg-type]  # ints


@pytest.fixture
def store(tmp_path: Path) -> RenderStore:
    return RenderStore(tmp_path / "store", 1 << 30)


def test_a_take_comes_back_as_it_was_put_in(store: RenderStore, tmp_path: Path) -> None:
    finding = Problem("A and B overlap", None, "", Severity.WARNING)
    given = take(
        cues=(Cue(0.5, 1.5, "Hi"),), findings=(finding,), has_audio=True, isolation="limits"
    )
    adopted = store.adopt(parcel(tmp_path / "one"), given)
    assert store.get(KEY) == adopted
    assert (adopted.cues, adopted.findings, adopted.has_audio) == (
        given.cues,
        given.findings,
        True,
    )
    assert Path(adopted.video).read_bytes() == b"v" * 1000
    assert Path(adopted.poster).is_file()
    assert store.has(KEY)
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("key", ["", "cd" + "0" * 62])
def test_what_is_not_there_is_none(store: RenderStore, key: str) -> None:
    assert store.get(key) is None
    assert not store.has(key)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (VIDEO, b"v" * 999),
        (VIDEO, b""),
        (VIDEO, None),
        (POSTER, None),
        (RECORD, None),
        (RECORD, b""),
        (RECORD, b"{"),
        (RECORD, b"[]"),
        (RECORD, b"null"),
        (RECORD, b'{"sizes": {}}'),
        (RECORD, b'{"sizes": 3}'),
        (RECORD, b"\xff\xfe"),
    ],
)
def test_a_damaged_take_counts_as_absent_and_can_be_replaced(
    store: RenderStore, tmp_path: Path, name: str, content: bytes | None
) -> None:
    adopted = store.adopt(parcel(tmp_path / "one"), take())
    victim = Path(adopted.folder) / name
    victim.unlink() if content is None else victim.write_bytes(content)
    assert store.get(KEY) is None
    assert not store.has(KEY)
    again = store.adopt(parcel(tmp_path / "two", 2000), take())
    assert Path(again.video).stat().st_size == 2000
    assert store.get(KEY) == again


def test_the_first_of_two_equal_takes_stands(store: RenderStore, tmp_path: Path) -> None:
    first = store.adopt(parcel(tmp_path / "one"), take())
    second = store.adopt(parcel(tmp_path / "two", 2000), take())
    assert second == first
    assert Path(second.video).stat().st_size == 1000


def test_a_scratch_folder_on_another_disk_is_copied_first(
    store: RenderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = parcel(tmp_path / "one")
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self == source:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    adopted = store.adopt(source, take())
    assert Path(adopted.video).read_bytes() == b"v" * 1000
    assert [path.name for path in Path(adopted.folder).parent.iterdir()] == [KEY]


def test_a_full_disk_leaves_nothing_visible(
    store: RenderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.adopt(parcel(tmp_path / "one"), take())
    assert not store.has(KEY)
    assert store.get(KEY) is None


def keys(count: int) -> list[str]:
    return [f"{number:02x}" + "0" * 62 for number in range(count)]


def fill(store: RenderStore, tmp_path: Path, count: int) -> list[int]:
    """Adopt takes that were used one second after the other; return the size of each on disk."""
    sizes = []
    for number, key in enumerate(keys(count)):
        adopted = store.adopt(parcel(tmp_path / key, 10_000), take(key))
        moment = time.time() - 1000 + number
        os.utime(adopted.folder, (moment, moment))
        sizes.append(sum(path.stat().st_size for path in Path(adopted.folder).iterdir()))
    return sizes


def test_the_longest_unused_takes_are_evicted_first(store: RenderStore, tmp_path: Path) -> None:
    sizes = fill(store, tmp_path, 5)
    store.limit_bytes = sum(sizes[2:])
    assert store.evict() == sum(sizes[:2])
    assert [store.has(key) for key in keys(5)] == [False, False, True, True, True]


def test_a_use_protects_from_eviction(store: RenderStore, tmp_path: Path) -> None:
    sizes = fill(store, tmp_path, 3)
    assert store.get(keys(3)[0]) is not None
    store.limit_bytes = sum(sizes[:2])
    store.evict()
    assert [store.has(key) for key in keys(3)] == [True, False, True]


def test_pinned_takes_are_spared_and_do_not_count(store: RenderStore, tmp_path: Path) -> None:
    sizes = fill(store, tmp_path, 4)
    store.limit_bytes = sum(sizes[2:])
    assert store.evict(pinned=keys(4)[:2]) == 0
    store.limit_bytes = 0
    store.evict(pinned=keys(4)[:2])
    assert [store.has(key) for key in keys(4)] == [True, True, False, False]


def test_eviction_clears_old_leftovers_and_leaves_young_ones(
    store: RenderStore, tmp_path: Path
) -> None:
    adopted = store.adopt(parcel(tmp_path / "one"), take())
    old, young = (parcel(Path(adopted.folder).with_name(f".{name}")) for name in ("old", "young"))
    os.utime(old, (1, 1))
    store.limit_bytes = 0
    store.evict(pinned=[KEY])
    assert not old.exists()
    assert young.exists()
    assert store.has(KEY)


def test_eviction_of_an_empty_store_frees_nothing(store: RenderStore) -> None:
    assert store.evict() == 0


def _adopt_many(folder: Path, scratch: Path, rounds: int) -> None:
    store = RenderStore(folder, 1 << 30)
    for number in range(rounds):
        key = f"{number % 7:02x}" + "0" * 62
        store.adopt(parcel(scratch / f"{os.getpid()}-{number}"), take(key))


def test_two_processes_may_adopt_the_same_keys(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    arguments = (tmp_path / "store", tmp_path / "scratch", 60)
    processes = [context.Process(target=_adopt_many, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0]
    store = RenderStore(tmp_path / "store", 1 << 30)
    assert all(store.get(key) for key in keys(7))
    assert {path.name for path in (tmp_path / "store").glob("*/*")} == set(keys(7))


def test_a_process_killed_while_adopting_leaves_whole_takes_or_none(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    store = RenderStore(tmp_path / "store", 1 << 30)
    for attempt in range(25):
        arguments = (tmp_path / "store", tmp_path / f"scratch{attempt}", 10_000)
        process = context.Process(target=_adopt_many, args=arguments)
        process.start()
        time.sleep(0.002 * attempt)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        process.close()
        for folder in (tmp_path / "store").glob("??/[!.]*"):
            assert store.has(folder.name)
            assert store.get(folder.name)
        shutil.rmtree(tmp_path / "store", ignore_errors=True)
