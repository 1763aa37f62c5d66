"""``proofreel destinations`` sets places up without ever taking a secret as an argument."""

import json
from pathlib import Path

import pytest

from desktop.config.paths import Paths
from desktop.config.redaction import redact
from desktop.domain.transfers import Encryption
from tests.cli.transferring import Line


@pytest.fixture
def line(paths: Paths, tmp_path: Path) -> Line:
    return Line(paths, tmp_path / "files")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody be there who answers."""
    monkeypatch.setattr("desktop.cli.destinations.asks", lambda: True)


def signing(line: Line) -> dict[str, str]:
    rows = json.loads(line.run("destinations", "list", "--json").stdout)
    return {row["name"]: row["signs_in_with"] for row in rows}


def test_destinations_are_listed_for_people_and_programs(line: Line) -> None:
    text = line.run("destinations", "list").stdout
    assert "Studio" in text
    assert "films/team/" in text
    assert "profile studio" in text
    (row,) = json.loads(line.run("destinations", "list", "--json").stdout)
    assert (row["name"], row["bucket"], row["profile"]) == ("Studio", "films", "studio")


def test_a_destination_with_a_profile_is_added_and_tried(line: Line) -> None:
    result = line.run("destinations", "add", "New", "--bucket", "films", "--profile", "studio")
    assert result.exit_code == 0, result.output
    assert "New works: region local, crc64nvme" in result.stdout
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "New"]
    assert made.id in result.stdout
    assert not made.path_style


def test_the_secret_key_comes_from_standard_input(line: Line) -> None:
    result = line.run(
        "destinations", "add", "MinIO", "--bucket", "films", "--key-id", "test-key",
        "--endpoint", "http://127.0.0.1:9000", typed="piped-secret-value\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "MinIO"]
    assert made.path_style, "most services other than AWS want it"
    keys = line.engine.keys[made.id]
    assert (keys.key_id, keys.secret.reveal()) == ("test-key", "piped-secret-value")
    assert "piped-secret-value" not in result.output
    assert redact("piped-secret-value") != "piped-secret-value"


def test_keys_that_no_keyring_takes_are_said_to_be_gone_after_the_command(line: Line) -> None:
    result = line.run(
        "destinations", "add", "New", "--bucket", "films", "--key-id", "k", typed="some-secret\n"
    )
    assert "only in memory" in result.stderr
    words = " ".join(result.stderr.split())
    assert "proofreel secrets passphrase) and enter them again" in words
    assert "AWS profile" in words
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in words


def test_keys_in_memory_are_said_without_a_check_as_well(line: Line) -> None:
    result = line.run(
        "destinations", "add", "New", "--bucket", "films", "--key-id", "k", "--no-check",
        typed="some-secret\n",
    )  # fmt: skip
    assert "only in memory" in result.stderr
    assert signing(line)["New"] == "no keys kept here", "the command has ended: they went with it"


def test_keys_of_the_environment_are_enough(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "env-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "env-secret-value")
    result = line.run("destinations", "add", "New", "--bucket", "films")
    assert result.exit_code == 0, result.output
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "New"]
    assert line.engine.keys[made.id].key_id == "env-key"
    assert signing(line)["New"] == "keys of the environment"


def test_keys_are_entered_anew_without_losing_the_destination(line: Line) -> None:
    typed = "some-secret\n"
    line.run("destinations", "add", "New", "--bucket", "films", "--key-id", "k", typed=typed)
    result = line.run("destinations", "keys", "New", "--key-id", "k2", typed="other-secret\n")
    assert result.exit_code == 0, result.output
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "New"]
    keys = line.engine.keys[made.id]
    assert (keys.key_id, keys.secret.reveal()) == ("k2", "other-secret")


def test_a_profile_has_no_keys_to_enter(line: Line) -> None:
    result = line.run("destinations", "keys", "Studio", "--key-id", "k", typed="some-secret\n")
    assert result.exit_code == 1
    assert "profile studio" in result.stderr


def test_a_profile_may_have_an_encryption_key_of_its_own(line: Line) -> None:
    result = line.run(
        "destinations", "add", "Own", "--bucket", "films", "--profile", "studio",
        "--encryption", "customer", typed="\n\ntyped-own-key\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "Own"]
    keys = line.engine.keys[made.id]
    assert keys.customer_key is not None
    assert (keys.key_id, keys.customer_key.reveal()) == ("", "typed-own-key")


def test_a_destination_that_does_not_work_is_said_to_be_kept(line: Line) -> None:
    result = line.run("destinations", "add", "Off", "--bucket", "gone", "--profile", "studio")
    assert result.exit_code == 1
    assert "It is kept; proofreel destinations check tries it again" in result.stderr


def test_the_secret_key_is_asked_for_unseen(line: Line, seen: None) -> None:
    result = line.run(
        "destinations", "add", "New", "--bucket", "films", "--key-id", "k",
        "--encryption", "customer", typed="typed-secret\n\ntyped-own-key\n",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "typed-secret" not in result.output
    (made,) = [one.destination for one in line.files.all() if one.destination.name == "New"]
    assert made.encryption is Encryption.CUSTOMER
    keys = line.engine.keys[made.id]
    assert keys.token is None
    assert keys.customer_key is not None
    assert keys.customer_key.reveal() == "typed-own-key"


def test_a_missing_secret_key_saves_nothing(line: Line) -> None:
    result = line.run("destinations", "add", "New", "--bucket", "films", "--key-id", "k")
    assert result.exit_code == 1
    assert "The secret key is missing" in result.stderr
    assert len(line.files.all()) == 1


def test_how_to_sign_in_has_to_be_said(line: Line) -> None:
    result = line.run("destinations", "add", "New", "--bucket", "films")
    assert result.exit_code == 1
    assert "not said how to sign in" in result.stderr


def test_a_name_is_used_once(line: Line) -> None:
    result = line.run("destinations", "add", "studio", "--bucket", "b", "--profile", "p")
    assert result.exit_code == 1
    assert "already" in result.stderr


def test_a_bucket_that_is_not_there_is_said_with_an_exit_code(line: Line) -> None:
    result = line.run("destinations", "add", "New", "--bucket", "gone", "--profile", "p")
    assert result.exit_code == 1
    assert "There is no bucket." in result.stdout
    assert line.run("destinations", "check", "new").exit_code == 1
    assert line.run("destinations", "check", "studio").exit_code == 0


def test_a_check_can_be_left_out(line: Line) -> None:
    arguments = ("destinations", "add", "New", "--bucket", "gone", "--profile", "p", "--no-check")
    assert line.run(*arguments).exit_code == 0
    assert line.engine.starts == 0


def test_removing_asks_first(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = line.run("destinations", "remove", "studio")
    assert refused.exit_code == 1
    assert "--yes" in refused.stderr
    monkeypatch.setattr("desktop.cli.destinations.asks", lambda: True)
    assert line.run("destinations", "remove", "studio", typed="n\n").exit_code == 1
    assert len(line.files.all()) == 1
    assert line.run("destinations", "remove", "studio", typed="y\n").exit_code == 0
    assert line.files.all() == ()


def test_removing_may_be_sure(line: Line) -> None:
    assert line.run("destinations", "remove", "01studio", "--yes").exit_code == 0
    assert line.files.all() == ()


def test_profiles_are_listed(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "aws-config"
    config.write_text("[profile studio]\nregion = eu-central-1\n", "utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    assert line.run("destinations", "profiles").stdout == "studio\n"


@pytest.fixture
def behind(line: Line) -> Line:
    """Let keys be kept behind a passphrase, as people without a keyring choose it."""
    result = line.run("secrets", "passphrase", typed="a long test passphrase\n")
    assert result.exit_code == 0, result.output
    return line


ADDING = ("destinations", "add", "New", "--bucket", "films", "--key-id", "k", "--no-check")


def test_keys_behind_a_passphrase_are_kept_and_asked_for_at_each_command(
    behind: Line, seen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.cli.secrets.asks", lambda: True)
    added = behind.run(*ADDING, typed="a long test passphrase\nsome-secret\n\n")
    assert added.exit_code == 0, added.output
    assert "only in memory" not in added.stderr
    assert signing(behind)["New"] == "keys behind the passphrase"
    film = behind.file("film.mp4")
    sent = behind.run("upload", film, "--to", "New", typed="a long test passphrase\n")
    assert sent.exit_code == 0, sent.output
    (made,) = [one.destination for one in behind.files.all() if one.destination.name == "New"]
    assert behind.engine.keys[made.id].secret.reveal() == "some-secret"


def test_locked_keys_are_said_where_nobody_can_be_asked(
    behind: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as seen:
        seen.setattr("desktop.cli.secrets.asks", lambda: True)
        seen.setattr("desktop.cli.destinations.asks", lambda: True)
        behind.run(*ADDING, typed="a long test passphrase\nsome-secret\n\n")
    result = behind.run("upload", behind.file("film.mp4"), "--to", "New")
    assert result.exit_code == 1
    assert "commands ask for it at a terminal" in result.stderr


def test_another_passphrase_opens_nothing(behind: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.cli.secrets.asks", lambda: True)
    result = behind.run(*ADDING, typed="not this passphrase\nsome-secret\n\n")
    assert result.exit_code == 1
    assert [one.destination.name for one in behind.files.all()] == ["Studio"]
