"""Questions about texts that others have changed or deleted; each can be put off."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import Conflict, StudioError
from desktop.ui import dialogs, tasks
from desktop.ui.dialogs import Sheet
from desktop.ui.pages.studio.session import Session
from desktop.ui.shell import Shell
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

CLASH = (
    "Another window or a command has saved this text while you were writing. Whichever you "
    "choose, the other can be brought back. Versions that were rendered are not affected."
)

ORPHAN = (
    "Another window or a command has deleted this video for good while you were writing. "
    "Your text is still here."
)


class Questions(QObject):
    """Puts the questions of a session; one that was put off stays on a bar over the page."""

    def __init__(self, page: QWidget, session: Session, shell: Shell) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._shell = shell
        self._open = False
        session.clashed.connect(lambda: self._put(gone=False))
        session.orphaned.connect(lambda: self._put(gone=True))

    async def save(self) -> None:
        """Save the text; raises StudioError when it cannot be, or waits for a decision."""
        if not await self._session.save(ask=False):
            unsaved = _unsaved(gone=self._session.gone)
            self._remind(unsaved)
            raise unsaved

    def _put(self, *, gone: bool) -> None:
        if not self._open:
            self._open = True
            tasks.start(self, self._decide(gone=gone), "ask what becomes of the text")

    async def _decide(self, *, gone: bool) -> None:
        try:
            answer = await (ask_rescue if gone else ask_which)(self._page)
        finally:
            self._open = False
        if answer is None:
            self._remind(_unsaved(gone=gone))
        elif not gone:
            undo = await self._session.resolve(keep_mine=answer)
            if undo is not None:
                self._shell.show_undo(undo)
        elif answer:
            await self._session.rescue()
        else:
            self._session.forget()

    def _remind(self, unsaved: StudioError) -> None:
        self._shell.present_error(unsaved, button="Decide…", act=self._ask_again)

    def _ask_again(self) -> None:
        tasks.start(self, self._session.save(), "save the text")


def _unsaved(*, gone: bool) -> StudioError:
    act = "deleted the video" if gone else "saved another text"
    return Conflict(
        "Your text is not saved",
        f"Another window or a command has {act} while you were writing.",
        "Decide what becomes of the two texts." if not gone else "Decide whether to keep yours.",
    )


async def ask_which(parent: QWidget) -> bool | None:
    """Ask which of two texts shall stay; true for the one on screen, None to decide later."""
    return await _ask(
        parent, "The text was changed elsewhere", CLASH, "Keep my text", "Take the other text"
    )


async def ask_rescue(parent: QWidget) -> bool | None:
    """Ask whether a text without a video becomes a new one; None to decide later."""
    return await _ask(
        parent, "The video was deleted elsewhere", ORPHAN, "Keep it as a new video", "Let it go"
    )


async def _ask(parent: QWidget, title: str, words: str, yes: str, no: str) -> bool | None:
    sheet = Sheet(parent, title, label(words, "muted", wrap=True), width=520)
    sheet.add_buttons(yes, cancel="Decide later")
    refused: list[bool] = []

    def refuse() -> None:
        refused.append(True)
        sheet.accept()

    sheet.buttons.insertWidget(2, button(no, refuse))
    if not await dialogs.finished(sheet):
        return None
    return not refused
