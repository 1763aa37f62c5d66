import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip

from desktop.ui.editor.source_editor import SourceEditor
from desktop.ui.editor.tips import show_tip
from tests.ui.editor.conftest import tip

# What the offscreen platform says of every tooltip.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


async def test_a_tip_shows_signs_as_they_are(editor: SourceEditor) -> None:
    text = "“<b>a</b> & b” is no name.\nUse <i>."
    show_tip(QPoint(10, 10), text, editor)
    assert tip() == text
    show_tip(QPoint(10, 10), "", editor)
    QToolTip.hideText()
