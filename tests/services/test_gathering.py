"""What is dropped on the window or named on the command line becomes a list without surprises."""

import os
import socket
import sys
import unicodedata
from pathlib import Path

import pytest

from desktop.services.gathering import Gathering, gather, natural


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lectures"
    made.mkdir()
    return made


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def keys(found: Gathering) -> list[str]:
    return [file.key for file in found.files]


def why(found: Gathering) -> dict[str, str]:
    return {one.path.name: one.why for one in found.skipped}


def test_a_folder_keeps_its_name_and_what_is_in_it_its_place(folder: Path) -> None:
    put(folder / "intro.mp4", b"12345")
    put(folder / "week 1" / "film.mp4", b"123")
    found = gather([folder], "2026/")
    assert keys(found) == ["2026/lectures/intro.mp4", "2026/lectures/week 1/film.mp4"]
    assert found.size == 8
    assert all(file.path.is_absolute() for file in found.files)


def test_files_come_in_the_order_people_count_in(folder: Path) -> None:
    for number in (10, 2, 1):
        put(folder / f"scene {number}.mp4")
        put(folder / f"part {number}" / "a.mp4")
    names = [key.removeprefix("lectures/") for key in keys(gather([folder]))]
    assert names == [
        "scene 1.mp4", "scene 2.mp4", "scene 10.mp4", "part 1/a.mp4", "part 2/a.mp4",
        "part 10/a.mp4",
    ]  # fmt: skip


def test_natural_order_compares_any_two_names() -> None:
    names = ["10", "a", "9b", "b10", "b9", "²", "", "1.5", "01"]
    assert sorted(names, key=natural) == ["", "01", "1.5", "9b", "10", "a", "b9", "b10", "²"]
    assert natural("b9") < natural("B10")
    assert natural("a1b2") < natural("a1b10")


def test_files_that_are_given_come_in_the_order_they_are_given(tmp_path: Path) -> None:
    paths = [put(tmp_path / name) for name in ("b.mp4", "a.mp4")]
    assert keys(gather(paths)) == ["b.mp4", "a.mp4"]


def test_hidden_files_in_folders_are_left_out_and_counted(folder: Path) -> None:
    put(folder / "film.mp4")
    put(folder / ".DS_Store")
    put(folder / "Thumbs.db")
    put(folder / ".git" / "config")
    found = gather([folder])
    assert keys(found) == ["lectures/film.mp4"]
    assert found.hidden == 3
    assert found.skipped == ()


def test_a_hidden_file_that_is_given_by_name_is_taken(tmp_path: Path) -> None:
    assert keys(gather([put(tmp_path / ".env.sample")])) == [".env.sample"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    found = gather([tmp_path / "gone.mp4", tmp_path / "broken"])
    assert why(found) == {
        "gone.mp4": "It is not there.",
        "broken": "The file its link leads to is gone.",
    }


def test_an_empty_folder_is_said(folder: Path) -> None:
    assert why(gather([folder])) == {"lectures": "It is empty; buckets have no folders."}


def test_links_to_files_are_followed_and_circles_are_not(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere.mp4", b"12")
    (folder / "link.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    (folder / "circle").symlink_to(folder)
    found = gather([folder])
    assert keys(found) == ["lectures/link.mp4"]
    assert found.size == 2
    assert why(found) == {"circle": "It was taken already: a link leads to it."}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_file_is_said(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        found = gather([folder])
    assert set(why(found)) == {"pipe", "socket"}
    assert all("no file" in one for one in why(found).values())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_what_cannot_be_read_is_said(folder: Path) -> None:
    put(folder / "secret.mp4").chmod(0)
    assert "permissions" in why(gather([folder]))["secret.mp4"]


def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a" / "film.mp4"), put(tmp_path / "b" / "film.mp4")
    found = gather([first, second])
    assert [file.path for file in found.files] == [first]
    assert str(first) in why(found)["film.mp4"]


def test_a_file_that_is_given_twice_is_taken_once(tmp_path: Path) -> None:
    film = put(tmp_path / "film.mp4")
    found = gather([film, film])
    assert len(found.files) <= 2
    assert {file.path for file in found.files} == {film}
    assert len(keys(found)) == len(set(keys(found)))


def test_names_are_the_same_whatever_system_wrote_them(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Übung.mp4")
    (key,) = keys(gather([put(tmp_path / decomposed)]))
    assert key == unicodedata.normalize("NFC", "Übung.mp4")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_said(folder: Path) -> None:
    with open(os.path.join(os.fsencode(folder), b"\xff.mp4"), "wb"):  # noqa: PTH118, PTH123
        pass
    found = gather([folder])
    assert found.files == ()
    assert found.skipped[0].why == "Its name is not valid text."


def test_a_name_that_is_too_long_for_a_bucket_is_said(folder: Path) -> None:
    put(folder / ("x" * 200 + ".mp4"))
    found = gather([folder], "p" * 900 + "/")
    assert found.files == ()
    assert "1,024" in found.skipped[0].why


def test_a_file_given_by_a_relative_path_keeps_only_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a" / "film.mp4")
    monkeypatch.chdir(tmp_path / "a")
    found = gather([Path("film.mp4"), Path("../a")])
    assert keys(found) == ["film.mp4", "a/film.mp4"]


def test_what_was_gathered_can_be_put_below_a_prefix_afterwards(folder: Path) -> None:
    put(folder / "film.mp4")
    put(folder / ".hidden")
    found = gather([folder, folder / "gone.mp4"])
    placed = found.below("2026/")
    assert keys(placed) == ["2026/lectures/film.mp4"]
    assert (placed.skipped, placed.hidden, placed.size) == (found.skipped, 1, found.size)
    assert keys(placed) == keys(gather([folder, folder / "gone.mp4"], "2026/"))
