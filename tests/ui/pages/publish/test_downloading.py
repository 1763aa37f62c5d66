"""What was uploaded can be fetched again, from the menu of its row."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from desktop.ui import dialogs
from desktop.ui.pages.publish.panel import TransferPanel
from tests.ui.fake_transfers import FakeTransfers
from tests.ui.pages.library.conftest import choose as pick
from tests.ui.pages.publish.conftest import choose, settled


async def test_what_was_uploaded_can_be_fetched(
    panel: TransferPanel,
    transfers: FakeTransfers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    answers: list[Path | None] = [None, tmp_path / "copy.mp4"]

    async def choose_target(_parent: QWidget, _title: str, name: str, _: str) -> Path | None:
        asked.append(name)
        return answers.pop(0)

    monkeypatch.setattr(dialogs, "choose_target", choose_target)
    choose(panel, 11)
    (row,) = panel.conduct.known()
    for _ in range(2):
        pick(panel.conduct.menu(lambda: None), "Download a copy…")
        await settled(panel)
    assert asked == [Path(row.key).name] * 2
    (request,) = transfers.fetched
    assert (request.path, request.replace) == (str(tmp_path / "copy.mp4"), True)
    assert row.key.endswith(request.key)
