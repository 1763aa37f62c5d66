"""Without a keyring: memory, and files behind a passphrase for those who want them; never plain."""

import json
import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from desktop.config.keychain import Keychain, PassphraseState, Place, Secret
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.keychain.system import BACKENDS, SystemKeyring
from desktop.domain.errors import InvalidInput, Refused, Unavailable
from tests.config.keychains import (
    CANARY,
    CHEAP,
    LONG,
    NAME,
    MemoryKeyring,
    files_with,
    revealed,
    without_keyring,
)

PASSPHRASE = Secret("four words " + "will do")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library" / "secrets"


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


def test_without_a_keyring_a_secret_is_in_memory_and_nowhere_else(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        keychain = without_keyring(folder)
        assert keychain.save(NAME, Secret(CANARY)).place is Place.MEMORY
        assert revealed(keychain) == CANARY
    assert not files_with(CANARY, tmp_path)
    assert CANARY not in caplog.text
    assert revealed(without_keyring(folder)) is None
    keychain.delete(NAME)
    assert keychain.all() == ()


def test_in_memory_the_newest_value_counts(folder: Path) -> None:
    keychain = without_keyring(folder)
    keychain.save(NAME, Secret(CANARY), "First")
    keychain.save(NAME, Secret(LONG), "Second")
    assert revealed(keychain) == LONG
    assert [info.label for info in keychain.all()] == ["Second"]


def test_a_keyring_that_was_switched_off_is_not_used(folder: Path) -> None:
    status = Keychain(folder).status()
    assert (status.place, status.keyring) == (Place.MEMORY, "")
    assert "switched off" in status.reason
    assert status.remedy == "Start Proofreel without that variable."


def test_a_keyring_that_may_write_plain_text_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    keychain = Keychain(folder)
    assert keychain.save(NAME, Secret(CANARY)).place is Place.MEMORY
    assert "keyrings.alt.file.PlaintextKeyring" in keychain.status().reason


@pytest.mark.usefixtures("real_keyring")
def test_the_keyring_this_system_has_may_be_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKENDS[sys.platform].known_as)
    assert Keychain(folder).save(NAME, Secret(CANARY)).place is Place.KEYRING


@pytest.mark.parametrize(
    ("address", "words", "remedy"),
    [
        ("", "no desktop session", "desktop session"),
        ("unix:path=/nonexistent/bus", "The desktop session has none", "apt install gnome-keyring"),
    ],
)
def test_why_there_is_no_keyring_is_said_with_the_fix(
    folder: Path, monkeypatch: pytest.MonkeyPatch, address: str, words: str, remedy: str
) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    status = Keychain(folder).status(thorough=True)
    assert words in status.reason
    assert remedy in status.remedy


def test_an_unknown_system_has_no_keyring(folder: Path) -> None:
    status = Keychain(folder, SystemKeyring("plan9")).status()
    assert "None is known" in status.reason


def test_the_keyrings_of_other_systems_are_those_of_the_library() -> None:
    from keyring.backends import SecretService, Windows, macOS

    kinds = (SecretService.Keyring, macOS.Keyring, Windows.WinVaultKeyring)
    names = {f"{kind.__module__}.{kind.__name__}" for kind in kinds}
    assert {backend.known_as for backend in BACKENDS.values()} == names


@pytest.fixture
def opened(folder: Path) -> Keychain:
    keychain = without_keyring(folder)
    keychain.start_passphrase(PASSPHRASE)
    return keychain


def test_a_passphrase_keeps_secrets_for_the_next_run(opened: Keychain, folder: Path) -> None:
    assert opened.save(NAME, Secret(LONG)).place is Place.PASSPHRASE
    assert opened.status().place is Place.PASSPHRASE
    later = without_keyring(folder)
    assert later.status().passphrase is PassphraseState.LOCKED
    later.unlock(PASSPHRASE)
    assert revealed(later) == LONG
    assert later.test(NAME).place is Place.PASSPHRASE


def test_no_file_behind_a_passphrase_is_plain(opened: Keychain, tmp_path: Path) -> None:
    opened.save(NAME, Secret(CANARY))
    assert not files_with(CANARY, tmp_path)
    assert not files_with(PASSPHRASE.reveal(), tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_choosing_one_keeps_what_was_only_in_memory(folder: Path) -> None:
    keychain = without_keyring(folder)
    keychain.save(NAME, Secret(CANARY))
    assert keychain.start_passphrase(PASSPHRASE) == ()
    later = without_keyring(folder)
    later.unlock(PASSPHRASE)
    assert revealed(later) == CANARY


def test_what_is_entered_while_locked_is_kept_after_unlocking(
    opened: Keychain, folder: Path
) -> None:
    later = without_keyring(folder)
    assert later.save(NAME, Secret(CANARY)).place is Place.MEMORY
    assert later.unlock(PASSPHRASE) == ()
    assert revealed(opened) == CANARY


def test_another_passphrase_opens_nothing(opened: Keychain, folder: Path) -> None:
    opened.save(NAME, Secret(CANARY))
    later = without_keyring(folder)
    with pytest.raises(InvalidInput, match="not the right one"):
        later.unlock(Secret("four other words"))
    with pytest.raises(Unavailable, match="locked"):
        later.read(NAME)


def test_keyboards_may_write_the_same_letters_differently(folder: Path) -> None:
    without_keyring(folder).start_passphrase(Secret("schöne Grüße e\u0301"))
    later = without_keyring(folder)
    later.unlock(Secret("scho\u0308ne Gru\u0308ße \u00e9"))
    assert later.status().passphrase is PassphraseState.OPEN


def test_a_short_passphrase_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="too short"):
        without_keyring(folder).start_passphrase(Secret("short"))
    assert not folder.exists()


def test_a_second_passphrase_does_not_lock_out_the_first(opened: Keychain, folder: Path) -> None:
    with pytest.raises(Refused):
        without_keyring(folder).start_passphrase(Secret("a very different one"))
    without_keyring(folder).unlock(PASSPHRASE)


@pytest.mark.parametrize(
    "change", [{"cost": 3}, {"cost": 1 << 40}, {"cost": "x"}, {"salt": "%"}, {"key": None}]
)
def test_a_damaged_passphrase_file_is_told(
    opened: Keychain, folder: Path, change: dict[str, object]
) -> None:
    head = json.loads((folder / "passphrase.json").read_text())
    (folder / "passphrase.json").write_text(json.dumps({**head, **change}))
    with pytest.raises(Unavailable, match="damaged"):
        without_keyring(folder).unlock(PASSPHRASE)


def test_a_cheaper_cost_in_the_file_opens_nothing(opened: Keychain, folder: Path) -> None:
    head = json.loads((folder / "passphrase.json").read_text())
    (folder / "passphrase.json").write_text(json.dumps({**head, "cost": 2}))
    with pytest.raises(InvalidInput):
        without_keyring(folder).unlock(PASSPHRASE)


def test_a_secret_behind_a_passphrase_is_deleted_without_it(opened: Keychain, folder: Path) -> None:
    opened.save(NAME, Secret(CANARY))
    later = without_keyring(folder)
    later.delete(NAME)
    assert later.all() == ()
    assert not list(folder.glob("*.locked"))


def test_forgetting_the_passphrase_deletes_what_it_opened(opened: Keychain, folder: Path) -> None:
    opened.save(NAME, Secret(CANARY))
    later = without_keyring(folder)
    later.forget_passphrase()
    assert later.all() == ()
    assert later.status().passphrase is PassphraseState.NONE
    assert revealed(opened) is None
    opened.start_passphrase(Secret("a very different one"))


def test_a_keyring_is_preferred_once_there_is_one(
    opened: Keychain, folder: Path, keyring: MemoryKeyring
) -> None:
    opened.save(NAME, Secret(CANARY))
    later = Keychain(folder, keyring, PassphraseFiles(folder, CHEAP))
    later.save(NAME, Secret(LONG))
    assert revealed(later) == LONG
    assert not list(folder.glob("*.locked"))


def test_guessing_costs_what_it_should() -> None:
    from desktop.config.keychain import passphrase

    assert passphrase.COST >= 1 << 17
    assert passphrase.BLOCK == 8


def test_files_are_complete_or_not_there(
    opened: Keychain, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.save(NAME, Secret(CANARY))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert opened.save(NAME, Secret(LONG)).place is Place.MEMORY
    later = without_keyring(folder)
    later.unlock(PASSPHRASE)
    assert revealed(later) == CANARY
    assert all(not path.name.startswith(".") for path in folder.iterdir())
