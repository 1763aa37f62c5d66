"""Which keys count when several clients tell of the same destinations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.cloud.credentials import AccessKeys
from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination, Encryption
from desktop.storage.ledger import Ledger
from desktop.transfers.engine.stores import Stores
from desktop.transfers.engine.trials import Trials

OWN = AccessKeys("", Secret(""), customer_key=Secret("own-key-text"))


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    ledger = Ledger.open(tmp_path / "transfers.db")
    yield Stores(Trials(ledger))
    ledger.close()


def test_an_encryption_key_that_only_one_client_has_stays_with_a_profile(stores: Stores) -> None:
    place = Destination("p", "P", "films", profile="work", encryption=Encryption.CUSTOMER)
    assert stores.use([place], {"p": OWN}) == {"p"}
    assert stores.use([place], {}) == frozenset(), "nothing is new, nothing is lost"


def test_keys_of_before_count_no_longer_once_a_profile_signs(stores: Stores) -> None:
    keys = AccessKeys("test-key", Secret("test-secret"))
    stores.use([Destination("p", "P", "films")], {"p": keys})
    profile = Destination("p", "P", "films", profile="work")
    stores.use([profile], {})
    assert stores.use([profile], {}) == frozenset()
