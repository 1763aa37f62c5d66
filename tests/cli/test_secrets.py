"""``proofreel secrets`` says what there is and never a value."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from desktop import app, cli
from desktop.__main__ import _report
from desktop.config.keychain import Keychain, Place, Secret
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.paths import Paths
from desktop.config.redaction import REDACTED
from tests.cli.conftest import Windows
from tests.config.keychains import CANARY, CHEAP, LONG, NAME, OTHER

Run = Callable[..., Result]


@pytest.fixture
def kept(real_keyring: Path, paths: Paths) -> Keychain:
    keychain = Keychain(paths.data / "secrets")
    keychain.save(NAME, Secret(CANARY), "Key of the studio")
    keychain.save(OTHER, Secret(LONG))
    return keychain


@pytest.fixture
def answered(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``proofreel`` for somebody who types an answer."""
    program = cli.build(app.open_services, windows.open, windows.tour)

    def run(typed: str, *arguments: str) -> Result:
        monkeypatch.setattr("desktop.cli.secrets.asks", lambda: True)
        return CliRunner().invoke(program, list(arguments), prog_name="proofreel", input=typed)

    return run


def test_secrets_are_listed_without_their_values(kept: Keychain, proofreel: Run) -> None:
    result = proofreel("secrets", "list")
    assert result.exit_code == 0
    assert "aws:secret-key" in result.stdout
    assert "Key of the studio" in result.stdout
    assert "keyring, as a sealed file" in result.stdout
    assert "New secrets go into the Secret Service keyring." in result.stderr
    assert CANARY not in result.output


def test_other_programs_read_the_list(kept: Keychain, proofreel: Run) -> None:
    rows = json.loads(proofreel("secrets", "list", "--json").stdout)
    assert [(row["name"], row["place"]) for row in rows] == [
        ("aws:secret-key", "keyring"),
        ("openai:api-key", "sealed"),
    ]
    assert {frozenset(row) for row in rows} == {frozenset(("name", "label", "place", "saved"))}


def test_an_empty_list_says_so_and_where_secrets_would_go(proofreel: Run) -> None:
    result = proofreel("secrets", "list")
    assert result.exit_code == 0
    assert result.stdout == "There are no secrets.\n"
    assert "switched off" in result.stderr
    assert "Start Proofreel without that variable." in result.stderr


def test_everything_is_tested_and_what_cannot_be_read_is_told(
    kept: Keychain, proofreel: Run, paths: Paths
) -> None:
    assert proofreel("secrets", "test").exit_code == 0
    next((paths.data / "secrets").glob("*.sealed")).unlink()
    result = proofreel("secrets", "test")
    assert result.exit_code == 1
    assert "ok    aws:secret-key: keyring" in result.stdout
    assert "error openai:api-key" in result.stdout
    assert "Delete it and enter it anew." in result.stderr
    assert CANARY not in result.output


def test_one_secret_is_tested(kept: Keychain, proofreel: Run) -> None:
    assert proofreel("secrets", "test", "aws:secret-key").exit_code == 0
    missing = proofreel("secrets", "test", "aws:other")
    assert missing.exit_code == 1
    assert "There is no secret aws:other" in missing.stderr


def test_a_deleted_secret_is_gone(kept: Keychain, proofreel: Run) -> None:
    result = proofreel("secrets", "delete", "aws:secret-key", "--yes")
    assert result.exit_code == 0
    assert [info.name for info in kept.all()] == [OTHER]
    assert kept.read(NAME) is None


def test_nothing_is_deleted_unasked(kept: Keychain, proofreel: Run) -> None:
    result = proofreel("secrets", "delete", "aws:secret-key")
    assert result.exit_code == 1
    assert "--yes" in result.stderr
    assert len(kept.all()) == 2


@pytest.mark.parametrize(("answer", "left"), [("y\n", 1), ("n\n", 2)])
def test_the_person_is_asked_before(
    kept: Keychain,
    answered: Run,
    answer: str,
    left: int,
) -> None:
    answered(answer, "secrets", "delete", "aws:secret-key")
    assert len(kept.all()) == left


@pytest.mark.parametrize("name", ["aws", "aws:other"])
def test_a_name_that_does_not_exist_is_told(proofreel: Run, name: str) -> None:
    result = proofreel("secrets", "delete", name, "--yes")
    assert result.exit_code == 1
    assert "→" in result.stderr


def test_secrets_behind_a_passphrase_are_tested_after_asking_for_it(
    paths: Paths, proofreel: Run, answered: Run
) -> None:
    folder, passphrase = paths.data / "secrets", "four words " + "will do"
    keychain = Keychain(folder, None, PassphraseFiles(folder, CHEAP))
    keychain.start_passphrase(Secret(passphrase))
    assert keychain.save(NAME, Secret(CANARY)).place is Place.PASSPHRASE
    unasked = proofreel("secrets", "test", str(NAME))
    assert unasked.exit_code == 1
    assert "locked" in unasked.stderr
    asked = answered(f"{passphrase}\n", "secrets", "test", str(NAME))
    assert asked.exit_code == 0
    assert passphrase not in asked.output


def test_a_fault_of_the_program_is_printed_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Secret(CANARY)
    error = RuntimeError(f"bad {CANARY}")
    _report(type(error), error, None)
    printed = capsys.readouterr().err
    assert f"RuntimeError: bad {REDACTED}" in printed
    assert "please report" in printed
