import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.theme import Theme
from desktop.ui.tokens import tokens
from desktop.ui.widgets.glyph import Glyph


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_it_has_the_colour_of_its_role_in_every_scheme(
    qtbot: QtBot, theme: Theme, scheme: str
) -> None:
    glyph = Glyph("trash", "danger", 40)
    qtbot.addWidget(glyph)
    theme.choose(scheme)
    image = glyph.grab().toImage()
    wanted = tokens().color("danger")
    colors = {image.pixelColor(x, y).name() for x in range(40) for y in range(40)}
    assert wanted.name() in colors
    assert (image.width(), image.height()) == (40, 40)
