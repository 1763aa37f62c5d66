from dataclasses import fields

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.pages.studio import menus
from desktop.ui.pages.studio.menus import MOST_VERSIONS, Deeds
from tests.ui.pages.studio.conftest import choose, version


class Done:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        made = {one.name: self._deed(one.name) for one in fields(Deeds)}
        self.deeds = Deeds(**{**made, "current_scene": lambda: "here"})  # type: ignore[arg-type]

    def _deed(self, name: str) -> object:
        return lambda *given: self.calls.append((name, *given))


@pytest.fixture
def done() -> Done:
    return Done()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def texts(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if not one.isSeparator()]


def submenu(menu: QMenu) -> QMenu:
    found = menu.findChildren(QMenu)
    assert len(found) == 1
    return found[0]


async def test_every_action_does_what_it_says(done: Done) -> None:
    for action in menus.actions(done.deeds):
        action.run()
    assert done.calls == [
        ("draft",), ("final",), ("render_scene", "here"), ("cancel",), ("export",), ("play",),
        ("add_scene",), ("move_scene", -1), ("move_scene", 1), ("neighbour", 1), ("neighbour", -1),
    ]  # fmt: skip


async def test_no_two_actions_share_a_key(done: Done) -> None:
    keys = [key for action in menus.actions(done.deeds) for key in action.keys]
    assert len(keys) == len(set(keys))


async def test_a_scene_can_be_played_written_rendered_copied_and_removed(
    done: Done, parent: QWidget
) -> None:
    menu = menus.scene_menu(parent, done.deeds, "a", (), arrangeable=True)
    for text in (
        "Play from here", "Go to its text", "Render this scene only", "Duplicate", "Remove",
    ):  # fmt: skip
        choose(menu, text)
    assert done.calls == [
        ("play_scene", "a"), ("write_scene", "a"), ("render_scene", "a"), ("duplicate_scene", "a"),
        ("remove_scene", "a"),
    ]  # fmt: skip


async def test_scenes_of_a_manim_file_are_not_arranged(done: Done, parent: QWidget) -> None:
    menu = menus.scene_menu(parent, done.deeds, "a", (), arrangeable=False)
    assert not {"Duplicate", "Remove"} & set(texts(menu))


async def test_a_scene_is_restored_from_the_versions_that_have_it(
    done: Done, parent: QWidget
) -> None:
    versions = (version(3, "b"), version(2, "a", note="Shorter"), version(1, "a"))
    restoring = submenu(menus.scene_menu(parent, done.deeds, "a", versions, arrangeable=True))
    assert texts(restoring) == ["Version 2: Shorter", "Version 1"]
    choose(restoring, "Version 2: Shorter")
    assert done.calls == [("restore_scene", 2, "a")]


async def test_a_scene_that_was_never_rendered_has_nothing_to_restore(
    done: Done, parent: QWidget
) -> None:
    menu = menus.scene_menu(parent, done.deeds, "x", (version(1, "a"),), arrangeable=True)
    assert not submenu(menu).isEnabled()


async def test_a_menu_is_not_longer_than_the_screen(done: Done, parent: QWidget) -> None:
    versions = tuple(version(number, "a") for number in range(100, 0, -1))
    menu = menus.scene_menu(parent, done.deeds, "a", versions, arrangeable=True)
    assert len(texts(submenu(menu))) == MOST_VERSIONS


async def test_a_version_can_be_watched_compared_and_restored(done: Done, parent: QWidget) -> None:
    menu = menus.version_menu(parent, done.deeds, version(2, "a"), writable=True)
    for text in ("Watch", "What changed since", "Restore this version"):
        choose(menu, text)
    assert done.calls == [("show_version", 2), ("compare", 2), ("restore", 2)]


async def test_a_version_of_footage_is_only_watched(done: Done, parent: QWidget) -> None:
    menu = menus.version_menu(parent, done.deeds, version(1), writable=False)
    assert not {"What changed since", "Restore this version"} & set(texts(menu))
