"""Every test gets a real library file of its own."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.storage import migrations, opening, projects
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction
from tests.storage.builders import a_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def tx(path: Path) -> Iterator[Transaction]:
    """A transaction on a new library that has one project, ``p1``."""
    with closing(opening.open_file(path, migrations.STEPS).connection) as connection:
        connection.execute("BEGIN IMMEDIATE")
        projects.insert(connection, a_project())
        yield connection


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """An open library that has one project, ``p1``."""
    database = await Database.open(path)
    await database.write(lambda tx: projects.insert(tx, a_project()))
    yield database
    await database.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "data")
    shelf.prepare()
    return shelf
