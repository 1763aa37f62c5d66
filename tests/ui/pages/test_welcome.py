import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.pages.welcome import DropHint, SampleCard, WelcomePage
from desktop.ui.samples import Sample
from tests.ui.conftest import settle

SAMPLES = tuple(Sample(f"Sample {n}", "What it shows", "16:9", "") for n in range(5))


@pytest.fixture
def page(qtbot: QtBot) -> WelcomePage:
    made = WelcomePage(SAMPLES)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def test_a_click_on_a_sample_opens_it(page: WelcomePage) -> None:
    wanted: list[str] = []
    page.sample_wanted.connect(wanted.append)
    page.findChildren(SampleCard)[1].click()
    assert wanted == ["Sample 1"]


def test_samples_can_be_opened_with_the_keyboard(page: WelcomePage, qtbot: QtBot) -> None:
    wanted: list[str] = []
    page.sample_wanted.connect(wanted.append)
    qtbot.keyClick(page.findChildren(SampleCard)[0], Qt.Key.Key_Space)
    assert wanted == ["Sample 0"]


def test_the_drop_hint_also_chooses_files(page: WelcomePage) -> None:
    asked: list[bool] = []
    page.import_wanted.connect(lambda: asked.append(True))
    page.findChildren(DropHint)[0].click()
    assert asked


async def test_cards_stay_within_a_narrow_window(page: WelcomePage) -> None:
    page.resize(700, 800)
    await settle()
    cards = page.findChildren(SampleCard)
    assert all(card.mapTo(page, card.rect().topRight()).x() <= 700 for card in cards)


def test_without_samples_the_page_still_leads_on(qtbot: QtBot) -> None:
    page = WelcomePage(())
    qtbot.addWidget(page)
    assert page.findChildren(DropHint)
