"""Destinations survive damaged files, unknown keys and full disks; none takes another along."""

import dataclasses
from pathlib import Path

import pytest

from desktop.config.destinations import DestinationFiles, KeptDestination
from desktop.domain.errors import InvalidInput, Unavailable
from desktop.domain.transfers import Destination, Encryption

FULL = Destination(
    "01FULL",
    "Über “Studio”",
    "films",
    region="eu-central-1",
    endpoint_url="https://s3.example.org",
    path_style=True,
    profile="studio",
    prefix="team/",
    encryption=Encryption.KMS,
    kms_key_id="some-key",
    certificates="/etc/own.pem",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config" / "destinations"


@pytest.fixture
def files(folder: Path) -> DestinationFiles:
    return DestinationFiles(folder)


def test_without_a_folder_there_are_none(files: DestinationFiles, folder: Path) -> None:
    assert files.all() == ()
    assert not folder.exists()


def test_what_was_put_is_found_with_every_field(files: DestinationFiles) -> None:
    defaults = {field.name: field.default for field in dataclasses.fields(Destination)}
    assert all(value != defaults[name] for name, value in dataclasses.asdict(FULL).items())
    kept = KeptDestination(FULL, 500_000)
    files.put(kept)
    assert files.all() == (kept,)


def test_they_come_by_name_whoever_was_first(files: DestinationFiles) -> None:
    for number, name in enumerate(("beta", "Alpha", "gamma")):
        files.put(KeptDestination(Destination(f"0{number}", name, "films")))
    assert [kept.destination.name for kept in files.all()] == ["Alpha", "beta", "gamma"]


def test_putting_again_replaces_and_leaves_no_other_file(
    files: DestinationFiles, folder: Path
) -> None:
    files.put(KeptDestination(FULL))
    files.put(KeptDestination(dataclasses.replace(FULL, name="Other")))
    assert [path.name for path in folder.iterdir()] == ["01FULL.toml"]
    assert files.all()[0].destination.name == "Other"


def test_what_was_removed_is_gone_and_may_be_removed_again(files: DestinationFiles) -> None:
    files.put(KeptDestination(FULL))
    files.remove(FULL.id)
    files.remove(FULL.id)
    assert files.all() == ()


@pytest.mark.parametrize(
    "damaged",
    [
        b"bucket = [",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"",
        b'name = "No bucket"',
        b'bucket = ""',
        b"bucket = 7",
        b'bucket = "films"\nendpoint_url = 9000',
        b'bucket = "films"\nencryption = "rot13"',
        b'bucket = "films"\npath_style = "yes"',
    ],
)
def test_a_damaged_file_is_set_aside_and_the_others_stay(
    files: DestinationFiles, folder: Path, damaged: bytes
) -> None:
    files.put(KeptDestination(FULL))
    (folder / "01BAD.toml").write_bytes(damaged)
    assert [kept.destination for kept in files.all()] == [FULL]
    assert (folder / "01BAD.toml.damaged").read_bytes() == damaged
    assert not (folder / "01BAD.toml").exists()


def test_what_a_newer_version_added_is_left_out(files: DestinationFiles, folder: Path) -> None:
    files.put(KeptDestination(FULL))
    path = folder / "01FULL.toml"
    path.write_text(path.read_text("utf-8") + '\nstorage_class = "COLD"\n', "utf-8")
    assert [kept.destination for kept in files.all()] == [FULL]


@pytest.mark.parametrize("rate", ["-5", '"fast"', "true", "1.5"])
def test_a_limit_that_is_none_counts_as_no_limit(
    files: DestinationFiles, folder: Path, rate: str
) -> None:
    folder.mkdir(parents=True)
    (folder / "01A.toml").write_text(f'bucket = "films"\nrate_limit = {rate}\n', "utf-8")
    assert files.all() == (KeptDestination(Destination("01A", "films", "films")),)


@pytest.mark.parametrize("identity", ["", "../x", "a/b", ".hidden", "a" * 51, "a b"])
def test_an_id_that_is_no_file_name_is_refused(files: DestinationFiles, identity: str) -> None:
    with pytest.raises(InvalidInput):
        files.put(KeptDestination(Destination(identity, "x", "films")))
    with pytest.raises(InvalidInput):
        files.remove(identity)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    blocked = DestinationFiles(tmp_path / "blocked" / "destinations")
    with pytest.raises(Unavailable, match="could not be saved"):
        blocked.put(KeptDestination(FULL))
    assert blocked.all() == ()
