"""Going back to a version, or to one scene of it, and forward again."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from desktop.domain.errors import Unavailable
from desktop.domain.library import Video
from desktop.services.services import Services
from desktop.ui.pages.studio import StudioPage
from tests.ui.pages.studio.conftest import (
    TEXT,
    Maker,
    quiet,
    until,
)
from tests.ui.pages.studio.doubles import Shell
from tests.ui.pages.studio.rendered import OTHER_TEXT, Popups, rendered, scene_id


async def test_a_version_is_restored_and_that_can_be_undone(
    page: StudioPage, services: Services, shell: Shell, make: Maker, video: Video
) -> None:
    await rendered(page, services, video)
    page.watching.show_version(1)
    page.parts.restore.click()
    await until(lambda: page.parts.area.editor.text() == TEXT)
    await quiet()
    assert await make.text(video.id) == TEXT
    await shell.undos[-1].revert()
    await until(lambda: page.parts.area.editor.text() == OTHER_TEXT)
    await quiet()


async def test_what_was_not_saved_yet_comes_back_with_the_undo(
    page: StudioPage, services: Services, shell: Shell, video: Video
) -> None:
    await rendered(page, services, video)
    page.parts.area.editor.replace(OTHER_TEXT + "unsaved\n")
    page.watching.show_version(1)
    page.parts.restore.click()
    await until(lambda: page.parts.area.editor.text() == TEXT)
    await quiet()
    await shell.undos[-1].revert()
    await until(lambda: page.parts.area.editor.text() == OTHER_TEXT + "unsaved\n")
    await quiet()


async def test_one_scene_is_restored_from_its_menu_and_that_can_be_undone(
    page: StudioPage, services: Services, shell: Shell, popups: Popups, video: Video
) -> None:
    await rendered(page, services, video)
    changed = OTHER_TEXT.replace("- areas", "- sums")
    page.parts.area.editor.replace(changed)
    page.parts.scenes.menu_wanted.emit(scene_id(page, 1), QPoint(10, 10))
    restoring = popups[0][0].findChildren(QMenu)[0]
    restoring.actions()[-1].trigger()
    await until(lambda: page.parts.area.editor.text() == TEXT.replace("- areas", "- sums"))
    await quiet()
    await shell.undos[-1].revert()
    await until(lambda: page.parts.area.editor.text() == changed)
    await quiet()


async def test_a_text_that_cannot_be_saved_is_not_restored_over(
    page: StudioPage,
    services: Services,
    shell: Shell,
    video: Video,
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    async def save(*_: object, **_named: object) -> int:
        raise Unavailable("The disk is full")

    await rendered(page, services, video)
    with monkeypatch.context() as patch:
        patch.setattr(services.authoring, "save", save)
        page.parts.area.editor.replace(OTHER_TEXT + "precious\n")
        page._restore(1)
        await quiet()
    assert [str(one) for one in shell.errors] == ["The disk is full"]
    assert page.parts.area.editor.text() == OTHER_TEXT + "precious\n"
    assert shell.undos == []
