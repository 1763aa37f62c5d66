"""Keyrings may keep people waiting: never the window, never for ever, and nothing is lost."""

import asyncio
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from desktop.app import open_services
from desktop.config.keychain import Keychain, PassphraseState, Place, Secret
from desktop.config.keychain.passphrase import PassphraseFiles
from desktop.config.log import CRASH_TRACE, LAST_CRASH, start_logging
from desktop.config.paths import Paths
from desktop.config.redaction import REDACTED
from desktop.domain.errors import InvalidInput, NotFound, Unavailable
from desktop.services.secrets import SecretService
from tests.config.keychains import CANARY, CHEAP, LONG, NAME, OTHER, MemoryKeyring, files_with


class WaitingKeyring(MemoryKeyring):
    """Waits, as one does that has asked a person for a password, until ``answer`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    @override
    def _look(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.answer.wait(20)
        self.at_once -= 1
        super()._look()


@pytest.fixture
def keyring() -> Iterator[WaitingKeyring]:
    made = WaitingKeyring()
    yield made
    made.answer.set()
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(5)


@pytest.fixture
def keychain(tmp_path: Path, keyring: WaitingKeyring) -> Keychain:
    return Keychain(tmp_path / "secrets", keyring, PassphraseFiles(tmp_path / "secrets", CHEAP))


async def test_the_loop_goes_on_while_a_keyring_waits_for_its_password(
    keychain: Keychain, keyring: WaitingKeyring
) -> None:
    service = SecretService(keychain)
    saving = asyncio.create_task(service.save(NAME, Secret(CANARY)))  # noqa: TID251  of a test
    beats, latest = 0, 0.0
    while beats < 20:
        before = time.monotonic()
        await asyncio.sleep(0.005)
        latest = max(latest, time.monotonic() - before)
        beats += 1
    assert not saving.done()
    assert latest < 0.5
    keyring.answer.set()
    assert (await saving).place is Place.KEYRING


async def test_a_keyring_that_does_not_answer_is_given_up_with_a_remedy(
    keychain: Keychain,
) -> None:
    service = SecretService(keychain, patience=0.05)
    with pytest.raises(Unavailable) as caught:
        await service.try_out()
    assert caught.value.title == "The keyring does not answer"
    assert caught.value.remedy


async def test_what_was_saved_can_be_used_while_the_keyring_waits_and_is_kept_later(
    keychain: Keychain, keyring: WaitingKeyring, tmp_path: Path
) -> None:
    service = SecretService(keychain, patience=0.05)
    assert (await service.save(NAME, Secret(CANARY))).place is Place.MEMORY
    assert [info.place for info in await service.all()] == [Place.MEMORY]
    assert await service.read(NAME) == Secret(CANARY)
    assert (await service.status()).place is Place.KEYRING
    keyring.answer.set()
    service._patience = 20
    await service.try_out()
    assert [info.place for info in await service.all()] == [Place.KEYRING]
    assert await service.read(NAME) == Secret(CANARY)
    assert list(keyring.items.values()) != []


async def test_nobody_is_asked_twice_at_the_same_time(
    keychain: Keychain, keyring: WaitingKeyring
) -> None:
    service = SecretService(keychain, patience=0.05)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await service.try_out()
    threads = [thread for thread in threading.enumerate() if thread.name == "keychain"]
    assert len(threads) == 1
    keyring.answer.set()
    service._patience = 20
    await asyncio.gather(service.try_out(), service.save(NAME, Secret(LONG)), service.read(NAME))
    assert keyring.most_at_once == 1


async def test_a_failure_nobody_waits_for_is_no_failure_of_the_program(
    keychain: Keychain, keyring: WaitingKeyring
) -> None:
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    service = SecretService(keychain)
    keyring.answer.set()
    await service.save(NAME, Secret(CANARY))
    keyring.answer.clear()
    service._patience = 0.05
    with pytest.raises(Unavailable, match="does not answer"):
        await service.delete(NAME)
    keyring.broken = Unavailable("The keyring is locked")
    keyring.answer.set()
    service._patience = 20
    with pytest.raises(Unavailable, match="locked"):
        await service.read(NAME)
    assert [info.name for info in await service.all()] == [NAME]
    assert failures == []


ENDING = """
import asyncio, sys, threading
from pathlib import Path
from desktop.config.keychain import Keychain
from desktop.config.keychain.system import SystemKeyring
from desktop.domain.errors import Unavailable
from desktop.services.secrets import SecretService

class Never(SystemKeyring):
    def check(self): threading.Event().wait()

async def work():
    try:
        await SecretService(Keychain(Path(sys.argv[1]), Never()), patience=0.1).try_out()
    except Unavailable:
        print("gave up")

asyncio.run(work())
"""


def test_a_keyring_that_never_answers_does_not_keep_the_program_from_ending(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING, str(tmp_path)],
        env=clean_environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "gave up\n", "")


async def test_without_a_keyring_a_passphrase_keeps_secrets(tmp_path: Path) -> None:
    def service() -> SecretService:
        return SecretService(Keychain(tmp_path, None, PassphraseFiles(tmp_path, CHEAP)))

    passphrase, first = Secret("four words " + "will do"), service()
    await first.save(NAME, Secret(CANARY))
    assert (await first.status()).place is Place.MEMORY
    with pytest.raises(InvalidInput):
        await first.start_passphrase(Secret("short"))
    await first.start_passphrase(passphrase)
    second = service()
    assert (await second.status()).passphrase is PassphraseState.LOCKED
    with pytest.raises(InvalidInput):
        await second.unlock(Secret("four words " + "too many"))
    await second.unlock(passphrase)
    assert await second.read(NAME) == Secret(CANARY)
    await second.forget_passphrase()
    assert await second.all() == ()


@pytest.mark.usefixtures("real_keyring")
async def test_the_keyring_is_tried_out_and_takes_what_was_in_memory(tmp_path: Path) -> None:
    keychain = Keychain(tmp_path / "secrets")
    keychain.hold(NAME, Secret(CANARY), "Studio")
    service = SecretService(keychain)
    assert (await service.try_out()).place is Place.KEYRING
    assert [(info.place, info.label) for info in await service.all()] == [(Place.KEYRING, "Studio")]
    assert (await service.test(NAME)).place is Place.KEYRING
    with pytest.raises(NotFound):
        await service.test(OTHER)


@pytest.mark.usefixtures("real_keyring")
async def test_secrets_of_a_session_are_in_none_of_its_files(paths: Paths, tmp_path: Path) -> None:
    """A whole session with a real keyring: saved, used, failed with, logged, crashed, reopened."""
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    start_logging(paths.logs, verbose=True)
    async with open_services(paths) as services:
        await services.secrets.save(NAME, Secret(CANARY), "Key of the studio")
        await services.secrets.save(OTHER, Secret(LONG))
        logging.getLogger("desktop.cloud").error("Refused: %s", {"key": CANARY})
        failure = RuntimeError(f"bad key {LONG}")
        logging.getLogger("desktop").error("Failed with %s", CANARY, exc_info=failure)
        (paths.logs / LAST_CRASH).write_text("Fatal Python error: stopped\n", "utf-8")
        report = services.crashes.previous()
        assert report is not None
        assert "Fatal Python error" in report.text
    async with open_services(paths) as services:
        assert await services.secrets.read(NAME) == Secret(CANARY)
        assert await services.secrets.read(OTHER) == Secret(LONG)
        (paths.logs / LAST_CRASH).write_text(f"Fatal: {CANARY}\n", "utf-8")
        report = services.crashes.previous()
        assert report is not None
        assert report.text == f"Fatal: {REDACTED}\n"
        services.crashes.dismiss()
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    assert REDACTED in (paths.logs / "proofreel.log").read_text("utf-8")
    assert not files_with(CANARY, tmp_path)
    assert not files_with("0123456789abcdef" * 4, tmp_path)


def test_the_trace_of_a_hard_crash_holds_no_value(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    """What faulthandler writes cannot be filtered: it must not name values by itself."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from desktop.config.keychain import Secret\n"
        "from desktop.config.log import watch_for_crashes\n"
        "secret = Secret(sys.argv[2]); trace = watch_for_crashes(Path(sys.argv[1])); os.abort()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), CANARY]
    done = subprocess.run(command, env=clean_environment, capture_output=True, check=False)
    assert done.returncode != 0
    assert "Fatal Python error" in (tmp_path / CRASH_TRACE).read_text("utf-8")
    assert not files_with(CANARY, tmp_path)
    assert CANARY.encode() not in done.stderr


async def test_whoever_stops_waiting_for_the_list_leaves_no_failing_thread(
    keychain: Keychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that fail are warnings, and those are errors here."""
    go_on = threading.Event()
    monkeypatch.setattr(keychain, "all", lambda: go_on.wait(5) and ())
    service = SecretService(keychain)
    asking = asyncio.get_running_loop().create_task(service.all())
    await asyncio.sleep(0.01)
    asking.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(5)
