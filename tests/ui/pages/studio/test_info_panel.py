from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from desktop.ui.pages.studio.info_panel import InfoPanel, facts, file_size
from desktop.ui.theme import Theme
from tests.ui.conftest import settle
from tests.ui.pages.studio.conftest import version


@pytest.fixture
def panel(theme: Theme) -> Iterator[InfoPanel]:
    made = InfoPanel()
    made.show()
    yield made
    made.deleteLater()


def test_a_version_tells_what_it_is() -> None:
    told = dict(facts(version(2, "a", "b", note="Shorter")))
    assert told.pop("Made").startswith("24 Nov 2026")
    assert told == {
        "Note": "Shorter",
        "Quality": "Draft",
        "Picture": "426 x 240, 15 frames per second",
        "Length": "0:01 (20 frames)",
        "Scenes": "2",
        "File size": "123 kB",
        "Rendered in": "Limited process",
        "SHA-256": "0123abcd",
    }


def test_a_restored_version_names_where_it_came_from() -> None:
    assert dict(facts(replace(version(4), restored_from=2)))["Restored from"] == "version 2"


def test_a_version_that_ran_code_from_elsewhere_says_so() -> None:
    told = dict(facts(replace(version(4), allowed_code=True)))
    assert told["Code"] == "brought from elsewhere and allowed"


def test_footage_has_neither_scenes_nor_a_render() -> None:
    assert not {"Scenes", "Quality", "Rendered in"} & dict(facts(version(1))).keys()


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 kB"), (820_400, "820 kB"), (12_400_000, "12.4 MB"), (2_345_000_000, "2.35 GB")],
)
def test_sizes_are_read_by_people(size: int, words: str) -> None:
    assert file_size(size) == words


async def test_without_a_version_the_panel_says_what_to_do(panel: InfoPanel) -> None:
    assert not panel.nothing.isHidden()
    assert panel.folder.isHidden()
    panel.show_version(version(1, "a"), "/somewhere/video.mp4")
    assert panel.nothing.isHidden()
    assert not panel.folder.isHidden()
    panel.show_version(None, "")
    await settle()
    assert not panel.nothing.isHidden()
    assert not [one for one in panel.findChildren(QLabel) if one.text() == "Draft"]


async def test_facts_are_read_with_their_names(panel: InfoPanel) -> None:
    panel.show_version(version(1, "a"), "")
    names = {one.accessibleName() for one in panel.findChildren(QLabel)}
    assert "Quality: Draft" in names


async def test_the_folder_of_the_file_is_opened(
    panel: InfoPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    panel.show_version(version(1, "a"), "/somewhere/with spaces/video.mp4")
    panel.folder.click()
    assert [one.toLocalFile() for one in opened] == ["/somewhere/with spaces"]
