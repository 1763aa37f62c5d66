from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.theme import Theme
from desktop.ui.widgets.empty_state import EmptyState
from desktop.ui.widgets.glyph import Glyph


def state(heard: list[str]) -> EmptyState:
    return EmptyState(
        "film-strip",
        "No videos yet",
        "Write a storyboard and it is animated, or bring in what you have: any number of files.",
        (("New video…", lambda: heard.append("new")), ("Import…", lambda: heard.append("bring"))),
    )


async def test_it_says_why_and_offers_what_to_do(qtbot: QtBot, theme: Theme) -> None:
    heard: list[str] = []
    made = state(heard)
    qtbot.addWidget(made)
    texts = [one.text() for one in made.findChildren(QLabel)]
    assert "No videos yet" in texts
    for one in made.findChildren(QPushButton):
        one.click()
    assert heard == ["new", "bring"]


async def test_only_the_first_offer_stands_out(qtbot: QtBot, theme: Theme) -> None:
    made = state([])
    qtbot.addWidget(made)
    kinds = [one.property("kind") for one in made.findChildren(QPushButton)]
    assert kinds == ["primary", None]


async def test_the_sentence_is_never_cut_off(qtbot: QtBot, theme: Theme) -> None:
    made = state([])
    qtbot.addWidget(made)
    made.resize(440, 320)
    made.show()
    made.grab()
    body = max(made.findChildren(QLabel), key=lambda one: len(one.text()))
    assert body.height() >= body.heightForWidth(body.width())


async def test_the_picture_follows_the_scheme(qtbot: QtBot, theme: Theme) -> None:
    made = state([])
    qtbot.addWidget(made)
    made.resize(440, 320)
    made.show()
    picture = made.findChildren(Glyph)[0]
    dark = picture.grab().toImage()
    theme.choose("light")
    assert picture.grab().toImage() != dark
