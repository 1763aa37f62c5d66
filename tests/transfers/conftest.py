"""A ledger for the module, an upload that has not begun, and engines that start as people's do."""

from collections.abc import Iterator

import pytest

from desktop.storage.ledger import Ledger
from tests.transfers.turns import a_world
from tests.transfers.world import World


@pytest.fixture(autouse=True, scope="session")
def compiled_code_is_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let engines keep what Python compiled: that is half of their start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        yield


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path_factory.mktemp("machine") / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield ledger
    ledger.close()


@pytest.fixture
def world(ledger: Ledger) -> World:
    return a_world(ledger)
