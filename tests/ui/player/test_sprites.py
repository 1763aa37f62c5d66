"""Thumbnails as the renderer writes them can be shown by the bar."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.rendering import stills
from desktop.ui.player.sprites import read_sprites
from tests.playback.films import Film, write
from tests.ui.player.conftest import number_on


def test_each_place_has_the_thumbnail_of_its_key_frame(qapp: QApplication, tmp_path: Path) -> None:
    video = write(tmp_path / "a.mp4", Film(100, gop=10))
    sheet, index = tmp_path / "a.jpg", tmp_path / "a.json"
    stills.sprite(video, sheet, index)
    sprites = read_sprites(str(sheet), str(index))
    assert sprites is not None
    for frame in range(100):
        assert number_on(sprites.tile(frame)) == frame // 10 * 10


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"columns": 0}', "null"])
def test_a_sheet_that_cannot_be_read_is_left_out(
    qapp: QApplication, tmp_path: Path, text: str
) -> None:
    index = tmp_path / "a.json"
    index.write_text(text, "utf-8")
    assert read_sprites(str(tmp_path / "a.jpg"), str(index)) is None
    assert read_sprites("", "") is None
