"""A ledger for the module, and an upload that has not begun."""

from collections.abc import Iterator

import pytest

from desktop.storage.ledger import Ledger
from tests.transfers.turns import a_world
from tests.transfers.world import World


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path_factory.mktemp("machine") / "transfers.db")
    ledger._connection.execute("PRAGMA synchronous = OFF")  # other tests are about the disk
    yield ledger
    ledger.close()


@pytest.fixture
def world(ledger: Ledger) -> World:
    return a_world(ledger)
