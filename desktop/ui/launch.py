"""From nothing to an open window, and back: Qt, its loop, the services, the hooks for crashes."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import qasync
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

import desktop
from desktop.config.paths import resource_dir
from desktop.domain.errors import StudioError
from desktop.services.services import Services
from desktop.ui import dialogs, tasks
from desktop.ui.crash import CrashHooks
from desktop.ui.dialogs import Sheet
from desktop.ui.main_window import MainWindow
from desktop.ui.theme import Theme
from desktop.ui.widgets.labels import label

OpenServices = Callable[[], AbstractAsyncContextManager[Services]]
Visit = Callable[[MainWindow, Services], Awaitable[int]]
"""Does something with an open window and returns the exit code; the window is closed afterwards."""


def run(open_services: OpenServices, visit: Visit | None = None) -> int:
    """Open the window and run until it is closed, or until ``visit`` has ended; return exit code.

    A library that cannot be opened is explained in a dialog; the exit code is 1 then.
    """
    app = _application()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        code: int = loop.run_until_complete(_live(app, open_services, visit))
    return code


def _application() -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("proofreel")
    app.setApplicationDisplayName("Proofreel")
    app.setApplicationVersion(desktop.__version__)
    app.setDesktopFileName("proofreel")
    app.setWindowIcon(QIcon(str(resource_dir() / "icons" / "proofreel.svg")))
    app.setQuitOnLastWindowClosed(False)  # the window ends by itself, after it has saved
    return app


async def _live(app: QApplication, open_services: OpenServices, visit: Visit | None) -> int:
    theme = Theme(app)
    theme.start()
    try:
        async with open_services() as services, _window(services, theme) as window:
            if visit is None:
                await _closed(window)
                return 0
            return await visit(window, services)
    except StudioError as error:
        await _explain(error)
        return 1


@contextlib.asynccontextmanager
async def _window(services: Services, theme: Theme) -> AsyncIterator[MainWindow]:
    """Yield the window, shown and at work; close it in the end unless the person has."""
    theme.choose(services.settings.current.appearance.theme)
    window = MainWindow(services, theme)
    hooks = CrashHooks(window.errors.present)
    hooks.install()
    hooks.watch(asyncio.get_running_loop())
    try:
        with _signals_close(window):
            window.start()
            others = services.library.follow_others()
            tasks.start(window, others, "follow other processes", endless=True)
            yield window
            if window.isVisible():
                window.close()
                await _closed(window)
    finally:
        hooks.remove()
        window.deleteLater()


async def _closed(window: MainWindow) -> None:
    gone = asyncio.Event()
    window.closed.connect(gone.set)
    await gone.wait()


@contextlib.contextmanager
def _signals_close(window: QWidget) -> Iterator[None]:
    """Let Ctrl+C in the terminal and a logout close the window as its own button does."""
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: window.close()) for number in wanted}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


async def _explain(error: StudioError) -> None:
    words = "\n\n".join(part for part in (error.detail, error.remedy) if part)
    parent = QWidget()
    sheet = Sheet(parent, error.title, label(words, "muted", wrap=True), width=520)
    sheet.add_buttons("Close", cancel="")
    await dialogs.finished(sheet)
