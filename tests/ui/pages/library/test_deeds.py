from dataclasses import fields

import pytest
from PySide6.QtGui import QKeySequence

from desktop.ui.actions import MENUS
from desktop.ui.icons import outline
from desktop.ui.pages.library.deeds import Deeds, actions


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def deeds(heard: list[str]) -> Deeds:
    return Deeds(**{one.name: lambda name=one.name: heard.append(name) for one in fields(Deeds)})


def test_every_deed_has_one_action(deeds: Deeds, heard: list[str]) -> None:
    for action in actions(deeds):
        action.run()
    assert sorted(heard) == sorted(one.name for one in fields(Deeds))


def test_ids_and_keys_are_unique_and_menus_exist(deeds: Deeds) -> None:
    declared = actions(deeds)
    keys = [key for action in declared for key in action.keys if key]
    assert len({action.id for action in declared}) == len(declared)
    assert len(set(keys)) == len(keys)
    assert all(not QKeySequence(key).isEmpty() for key in keys)
    assert {action.menu for action in declared} <= set(MENUS)
    assert all(action.id.startswith("library.") for action in declared)


@pytest.mark.usefixtures("qapp")
def test_every_icon_exists(deeds: Deeds) -> None:
    assert all(not outline(action.icon).isEmpty() for action in actions(deeds))


def test_what_asks_first_says_so(deeds: Deeds) -> None:
    asking = {"library.export", "library.move", "library.delete", "library.empty_trash",
              "library.new_project", "library.rename_project"}  # fmt: skip
    assert {one.id for one in actions(deeds) if one.text.endswith("…")} == asking
