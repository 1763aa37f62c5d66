from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.domain.changes import ChangeKind, Changes, SceneChange
from desktop.ui.pages.studio.changes_panel import MOST_ROWS, NOW, ChangesPanel
from desktop.ui.theme import Theme
from tests.ui.conftest import settle
from tests.ui.pages.studio.conftest import version

VERSIONS = [version(3), version(2), version(1)]


@pytest.fixture
def panel(theme: Theme) -> Iterator[ChangesPanel]:
    made = ChangesPanel()
    made.show()
    yield made
    made.deleteLater()


def change(name: str, kind: ChangeKind) -> SceneChange:
    return SceneChange(name, name.capitalize(), kind)


def words(panel: ChangesPanel) -> list[str]:
    return [one.text() for one in panel.findChildren(QLabel) if one.text()]


async def test_a_version_is_compared_with_the_text_as_it_is_now(panel: ChangesPanel) -> None:
    panel.offer(VERSIONS, writable=True)
    assert panel.chosen() == (3, NOW)
    assert panel.newer.currentText() == "Text now"


async def test_a_film_has_no_text_to_compare_with(panel: ChangesPanel) -> None:
    panel.offer(VERSIONS, writable=False)
    assert panel.newer.findData(NOW) == -1


async def test_what_was_chosen_stays_while_it_exists(panel: ChangesPanel) -> None:
    panel.offer(VERSIONS, writable=True)
    panel.choose(1, 2)
    panel.offer([version(4), *VERSIONS], writable=True)
    assert panel.chosen() == (1, 2)
    panel.offer([version(4)], writable=True)
    assert panel.chosen() == (4, NOW)


async def test_without_versions_nothing_is_compared(panel: ChangesPanel) -> None:
    asked: list[tuple[int, int]] = []
    panel.wanted.connect(lambda *two: asked.append(two))
    panel.offer([], writable=True)
    assert panel.chosen() == (0, 0)
    panel.older.activated.emit(0)
    assert asked == []


async def test_without_versions_there_is_only_the_reason_at_the_top(panel: ChangesPanel) -> None:
    panel.resize(400, 500)
    panel.offer([], writable=True)
    panel.show_nothing("Later.")
    await settle()
    panel.grab()
    assert not panel.older.isVisible()
    assert panel.summary.mapTo(panel, panel.summary.rect().center()).y() < 50
    panel.offer(VERSIONS, writable=True)
    assert panel.older.isVisible()


async def test_the_difference_has_all_the_room_there_is(panel: ChangesPanel) -> None:
    panel.resize(400, 500)
    panel.offer(VERSIONS, writable=True)
    panel.show_changes(Changes((change("a", ChangeKind.EDITED),), "@@ -1 +1 @@\n-a"))
    panel.grab()
    assert panel.difference.height() > 300


async def test_choosing_asks_for_the_comparison(panel: ChangesPanel) -> None:
    asked: list[tuple[int, int]] = []
    panel.wanted.connect(lambda *two: asked.append(two))
    panel.offer(VERSIONS, writable=True)
    assert asked == []
    panel.older.setCurrentIndex(2)
    panel.older.activated.emit(2)
    assert asked == [(1, NOW)]


async def test_scenes_that_differ_are_named_and_lead_to_their_text(panel: ChangesPanel) -> None:
    wanted: list[str] = []
    panel.scene_wanted.connect(wanted.append)
    panel.show_changes(
        Changes(
            (
                change("one", ChangeKind.SAME),
                change("two", ChangeKind.EDITED),
                change("three", ChangeKind.REMOVED),
            ),
            "@@ -1 +1 @@\n-a\n+b",
        )
    )
    assert panel.summary.text() == "2 scenes differ, 1 the same."
    assert {"Edited", "Removed", "Three"} <= set(words(panel))
    buttons = panel.findChildren(QPushButton)
    assert [one.text() for one in buttons] == ["Two"]
    buttons[0].click()
    assert wanted == ["two"]
    assert not panel.difference.isHidden()


async def test_many_changes_are_counted(panel: ChangesPanel) -> None:
    many = tuple(change(f"s{n}", ChangeKind.ADDED) for n in range(MOST_ROWS + 5))
    panel.show_changes(Changes(many, ""))
    assert len(panel.findChildren(QPushButton)) == MOST_ROWS
    assert "and 5 more scenes" in words(panel)


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        (Changes((), ""), "No changes."),
        (Changes((), "@@ -1 +1 @@"), "No scene differs, only the text around them."),
        (Changes((change("a", ChangeKind.MOVED),), ""), "1 scene differs."),
    ],
)
async def test_the_summary_says_it_in_a_sentence(
    panel: ChangesPanel, changes: Changes, summary: str
) -> None:
    panel.show_changes(changes)
    assert panel.summary.text() == summary
    assert panel.difference.isHidden() == (not changes.source_diff)


async def test_nothing_to_compare_is_explained(panel: ChangesPanel) -> None:
    panel.show_changes(Changes((change("a", ChangeKind.EDITED),), "@@ -1 +1 @@\n-a"))
    panel.show_nothing("Later.")
    await settle()
    assert panel.summary.text() == "Later."
    assert panel.findChildren(QPushButton) == []
    assert panel.difference.isHidden()
