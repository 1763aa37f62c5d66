"""Secrets are in the keyring or sealed, never plain, and nothing of them is lost or left over."""

import json
import stat
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.config.keychain import Keychain, Place, Secret, SecretName
from desktop.config.keychain.system import MOST_CHARACTERS
from desktop.domain.errors import NotFound, Unavailable
from tests.config.keychains import CANARY, LONG, NAME, OTHER, MemoryKeyring, files_with, revealed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library" / "secrets"


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


def kinds(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


@pytest.fixture
def real(real_keyring: Path, folder: Path) -> Keychain:
    return Keychain(folder)


def test_a_secret_is_kept_for_the_next_run(real: Keychain, folder: Path) -> None:
    info = real.save(NAME, Secret(CANARY), "Key of the studio")
    assert (info.place, info.label) == (Place.KEYRING, "Key of the studio")
    later = Keychain(folder)
    assert later.all() == (info,)
    assert revealed(later) == CANARY
    assert later.test(NAME) == info
    assert later.status().keyring == "Secret Service keyring"


def test_what_is_too_long_for_a_keyring_is_sealed(real: Keychain, folder: Path) -> None:
    assert real.save(NAME, Secret(LONG)).place is Place.SEALED
    assert revealed(Keychain(folder)) == LONG
    assert kinds(folder) == ["", ".json", ".sealed"]


def test_no_file_holds_a_value_in_plain(real: Keychain, real_keyring: Path, tmp_path: Path) -> None:
    real.save(NAME, Secret(CANARY))
    real.save(OTHER, Secret(LONG))
    assert list(real_keyring.rglob("login.keyring"))
    assert not files_with(CANARY, tmp_path)


def test_only_the_owner_may_read_the_files(real: Keychain, folder: Path) -> None:
    real.save(NAME, Secret(LONG))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_items_are_named_after_library_and_secret(real: Keychain, folder: Path) -> None:
    real.save(NAME, Secret(CANARY))
    with closing(secretstorage.dbus_init()) as bus:
        (item,) = secretstorage.get_default_collection(bus).get_all_items()
        attributes, value = item.get_attributes(), item.get_secret()
    assert attributes["username"] == "aws:secret-key"
    assert attributes["service"] == f"proofreel/{(folder / 'workspace').read_text()}"
    assert json.loads(value) == {"value": CANARY}


def test_a_deleted_secret_is_nowhere(real: Keychain, folder: Path) -> None:
    for name, value in ((NAME, CANARY), (OTHER, LONG)):
        real.save(name, Secret(value))
        real.delete(name)
        assert revealed(real, name) is None
    assert real.all() == ()
    assert kinds(folder) == [""]
    with closing(secretstorage.dbus_init()) as bus:
        assert list(secretstorage.get_default_collection(bus).get_all_items()) == []


def test_two_libraries_have_secrets_of_the_same_name(real: Keychain, tmp_path: Path) -> None:
    other = Keychain(tmp_path / "other")
    real.save(NAME, Secret(CANARY))
    other.save(NAME, Secret(LONG))
    other.delete(NAME)
    assert revealed(real) == CANARY


def test_trying_the_keyring_out_leaves_nothing(real: Keychain, folder: Path) -> None:
    assert real.status(thorough=True).place is Place.KEYRING
    assert not folder.exists()
    with closing(secretstorage.dbus_init()) as bus:
        assert list(secretstorage.get_default_collection(bus).get_all_items()) == []


@pytest.fixture
def locked(real: Keychain) -> Keychain:
    """Return a keychain with one secret, its keyring locked; nobody is there to unlock it."""
    real.save(NAME, Secret("the value before"))
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()
    return real


def test_behind_a_locked_keyring_new_values_stay_in_memory_and_it_is_said(
    locked: Keychain, folder: Path, tmp_path: Path
) -> None:
    assert locked.save(NAME, Secret(CANARY)).place is Place.MEMORY
    assert locked.save(OTHER, Secret(LONG)).place is Place.MEMORY
    status = locked.status()
    assert status.place is Place.MEMORY
    assert "locked" in status.reason
    assert "Unlock the keyring" in status.remedy
    assert revealed(locked) == CANARY
    assert not files_with(CANARY, tmp_path)
    assert ".sealed" not in kinds(folder)


def test_a_locked_keyring_is_told_and_not_taken_for_an_empty_one(
    locked: Keychain, folder: Path
) -> None:
    later = Keychain(folder)
    for act in (later.read, later.test, later.delete):
        with pytest.raises(Unavailable) as caught:
            act(NAME)
        assert caught.value.title == "The keyring is locked"
    assert [info.name for info in later.all()] == [NAME]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=1500))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_comes_back_and_no_item_is_longer_than_keyrings_take(
    tmp_path: Path, text: str
) -> None:
    keyring = MemoryKeyring()
    keychain = Keychain(tmp_path, keyring)
    keychain.save(NAME, Secret(text))
    assert revealed(keychain) == text
    assert all(len(item) <= MOST_CHARACTERS and item.isascii() for item in keyring.items.values())


@pytest.mark.parametrize("text", ["x" * 1190, "ä" * 300, "\n" * 700, '"' * 700])
def test_items_are_measured_as_they_are_stored(
    folder: Path, keyring: MemoryKeyring, text: str
) -> None:
    keychain = Keychain(folder, keyring)
    assert keychain.save(NAME, Secret(text)).place is Place.SEALED
    assert revealed(keychain) == text
    assert all(len(item) <= MOST_CHARACTERS for item in keyring.items.values())


@pytest.mark.parametrize(("before", "after"), [(LONG, LONG + "2"), (LONG, CANARY), (CANARY, LONG)])
def test_a_new_value_leaves_nothing_of_the_old_one(
    folder: Path, keyring: MemoryKeyring, before: str, after: str
) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(before))
    keychain.save(NAME, Secret(after))
    assert revealed(keychain) == after
    assert len(keyring.items) == 1
    assert len(list(folder.glob("*.sealed"))) == (after != CANARY)


def test_the_old_value_outlives_a_save_that_was_cut_short(
    folder: Path, keyring: MemoryKeyring
) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(LONG))
    keyring.broken = Unavailable("The keyring is locked")
    assert keychain.save(NAME, Secret(LONG + "2")).place is Place.MEMORY
    keyring.broken = None
    assert revealed(Keychain(folder, keyring)) == LONG
    assert len(list(folder.glob("*.sealed"))) == 1


def test_what_was_held_in_memory_is_kept_once_the_keyring_takes_it(
    folder: Path, keyring: MemoryKeyring
) -> None:
    keychain = Keychain(folder, keyring)
    keyring.broken = Unavailable("The keyring is locked", remedy="Unlock it.")
    keychain.save(NAME, Secret(CANARY))
    assert [info.place for info in keychain.settle()] == [Place.MEMORY]
    assert keychain.status().remedy == "Unlock it."
    keyring.broken = None
    assert keychain.settle() == ()
    assert revealed(Keychain(folder, keyring)) == CANARY
    assert keychain.status().reason == ""


def test_names_that_begin_alike_do_not_lose_each_others_files(
    folder: Path, keyring: MemoryKeyring
) -> None:
    keychain = Keychain(folder, keyring)
    names = [SecretName("model", field) for field in ("key", "key-2", "key_2", "k")]
    for name in names:
        keychain.save(name, Secret(LONG + str(name)))
    keychain.delete(names[0])
    keychain.save(names[3], Secret(CANARY))
    assert [revealed(keychain, name) for name in names[1:3]] == [LONG + str(n) for n in names[1:3]]


@pytest.mark.parametrize("damage", ["changed", "shorter", "empty", "gone", "of another secret"])
def test_a_sealed_file_that_was_touched_gives_nothing(
    folder: Path, keyring: MemoryKeyring, damage: str
) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(LONG))
    (sealed,) = folder.glob("aws+*.sealed")
    keychain.save(OTHER, Secret(LONG))
    (other,) = folder.glob("openai+*.sealed")
    data = sealed.read_bytes()
    match damage:
        case "changed":
            sealed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "shorter":
            sealed.write_bytes(data[:40])
        case "empty":
            sealed.write_bytes(b"")
        case "gone":
            sealed.unlink()
        case _:
            sealed.write_bytes(other.read_bytes())
    with pytest.raises(Unavailable) as caught:
        keychain.read(NAME)
    assert "Delete it" in caught.value.remedy
    keychain.delete(NAME)
    assert [info.name for info in keychain.all()] == [OTHER]


def test_a_sealed_file_opens_under_its_own_name_only(folder: Path, keyring: MemoryKeyring) -> None:
    """Also for somebody who can move items of the keyring and files together."""
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(LONG))
    (sealed,) = folder.glob("*.sealed")
    sealed.rename(folder / sealed.name.replace("aws+secret-key", "openai+api-key"))
    ((service, user),) = keyring.items
    keyring.items[service, str(OTHER)] = keyring.items.pop((service, user))
    assert revealed(keychain, OTHER) is None


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"key": "x", "file": "{file}"}', '{"key": 3}']
)
def test_an_item_that_somebody_changed_gives_nothing(
    folder: Path, keyring: MemoryKeyring, text: str
) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(LONG))
    (sealed,) = folder.glob("*.sealed")
    (place,) = keyring.items
    keyring.items[place] = text.replace("{file}", sealed.name.split(".")[1])
    with pytest.raises(Unavailable, match="cannot be read any more"):
        keychain.read(NAME)


def test_a_secret_without_a_record_is_still_found(folder: Path, keyring: MemoryKeyring) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(CANARY))
    (folder / "aws+secret-key.json").unlink()
    assert keychain.all() == ()
    assert revealed(keychain) == CANARY


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", "{}", '{"place": "moon", "saved": "", "label": ""}']
)
def test_a_damaged_record_is_listed_and_can_be_deleted(
    folder: Path, keyring: MemoryKeyring, damaged: str
) -> None:
    keychain = Keychain(folder, keyring)
    keychain.save(NAME, Secret(CANARY))
    (folder / "aws+secret-key.json").write_text(damaged)
    (folder / "not+A name.json").write_text("{}")
    assert [(info.name, info.saved) for info in keychain.all()] == [(NAME, None)]
    assert revealed(keychain) == CANARY
    keychain.delete(NAME)
    assert keyring.items == {}


def test_reading_what_was_never_saved_writes_nothing(folder: Path, keyring: MemoryKeyring) -> None:
    keychain = Keychain(folder, keyring)
    assert keychain.read(NAME) is None
    with pytest.raises(NotFound):
        keychain.test(NAME)
    keychain.delete(NAME)
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_leaves_the_memory(
    tmp_path: Path, keyring: MemoryKeyring
) -> None:
    (tmp_path / "file").write_text("")
    keychain = Keychain(tmp_path / "file" / "secrets", keyring)
    assert keychain.save(NAME, Secret(CANARY)).place is Place.MEMORY
    assert revealed(keychain) == CANARY
    assert "folder" in keychain.status().reason
