"""The window: rail, pages, notices, status bar, and what pages need of it."""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QWidget
from typing_extensions import override

from desktop.config.paths import resource_dir
from desktop.domain import events
from desktop.domain.errors import StudioError, Unprotected
from desktop.domain.library import SearchQuery
from desktop.domain.picture import Quality
from desktop.services.services import Services
from desktop.services.undo import Undo
from desktop.services.values import ImportResult
from desktop.ui import closing, tasks, unprotected
from desktop.ui.actions import Action, ActionRegistry
from desktop.ui.banner import BannerArea
from desktop.ui.bridge import EventBridge
from desktop.ui.bug_dialog import offer_crash_report
from desktop.ui.commands import Commands
from desktop.ui.desktop_notice import notify_desktop
from desktop.ui.drop import IMPORT, UPLOAD, DropTarget
from desktop.ui.errors import Errors
from desktop.ui.focus_keys import FocusKeys
from desktop.ui.importing import ImportFlow
from desktop.ui.menus import fill_menus
from desktop.ui.navigation import FilesPage, PageEntry, Pages, VideoPage
from desktop.ui.pages.catalog import page_entries
from desktop.ui.pages.welcome import WelcomePage
from desktop.ui.palette import CommandPalette
from desktop.ui.palette_rows import Entry
from desktop.ui.preferences import Preferences
from desktop.ui.rail import Rail
from desktop.ui.samples import read_samples
from desktop.ui.starting import StartFlow
from desktop.ui.status_bar import StatusBar
from desktop.ui.theme import Theme
from desktop.ui.toasts import ToastArea
from desktop.ui.transfer_watch import TransferWatch
from desktop.ui.transfers_dock import TransfersDock
from desktop.ui.undo import UndoHistory
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.window_layout import WindowLayout

PALETTE_VIDEOS = 6


class MainWindow(QMainWindow):
    """The one window; implements ``shell.Shell`` for its pages.

    ``entries`` replaces the standard pages, for tests.
    """

    closed = Signal()
    """The window has gone and every task of it has ended."""

    def __init__(self, services: Services, theme: Theme, entries: Sequence[PageEntry] = ()) -> None:
        super().__init__()
        self._services = services
        self._theme = theme
        self._bridge = EventBridge(services.bus, self)
        self._closing = self._finished = False
        self._layout = WindowLayout(services.settings.folder)
        self.registry = ActionRegistry(self)
        self.undo_history = UndoHistory(self)
        self.rail = Rail()
        self.pages = Pages()
        self.banners = BannerArea()
        self.status = StatusBar(self._bridge)
        self.dock = TransfersDock(services.transfers, self)
        self.transfers = TransferWatch(self, services.transfers, self._bridge)
        self._arrange()
        self._add_pages(entries or page_entries(services, self))
        self._add_parts()
        self._connect()
        self._layout.restore(self)

    # What pages see: shell.Shell

    @property
    def bridge(self) -> EventBridge:
        """Events of the core as signals."""
        return self._bridge

    @property
    def theme(self) -> Theme:
        """Colours and sizes."""
        return self._theme

    def show_undo(self, undo: Undo) -> None:
        """Say what was done and offer the way back, as a notice and on Ctrl+Z."""
        self.undo_history.push(undo)
        self.toasts.show_toast(
            undo.label, "Undo", lambda: self.undo_history.undo(undo), keys="Ctrl+Z"
        )

    def present_error(
        self, error: Exception, *, button: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Show an error; ``button`` names and ``act`` does what helps."""
        if isinstance(error, Unprotected) and act is None:
            button, act = "Run without a sandbox…", self._offer_unprotected
        self.errors.present(error, button=button, act=act)

    def settle_error(self, error: StudioError) -> None:
        """Take back what was shown about an error that is over."""
        self.errors.settle(error)

    def notify(self, text: str) -> None:
        """Say something for a few seconds."""
        self.toasts.show_toast(text)

    def register_actions(self, owner: QWidget, actions: Sequence[Action]) -> dict[str, QAction]:
        """Put actions into menus, palette and key sheet while ``owner`` is visible."""
        return self.registry.add(owner, actions)

    def open_video(self, video_id: str) -> None:
        """Show a video in the studio."""
        page = self.pages.show_page("studio")
        if isinstance(page, VideoPage):
            page.open_video(video_id)
        self.preferences.change("general", "first_run_done", value=True)

    def set_status(self, text: str) -> None:
        """Show where the open text stands."""
        self.status.show_saved(text)

    # How it is put together

    def _arrange(self) -> None:
        content = frame(column(self.banners, self.dock.below(self.pages), spacing=0))
        edge = QFrame()
        edge.setProperty("surface", "line")
        edge.setFixedWidth(1)
        upper = row(self.rail, edge, content, spacing=0)
        self.setCentralWidget(frame(column(upper, self.status, spacing=0)))
        self.toasts = ToastArea(content)
        self.errors = Errors(self, self.banners)
        self.drop_target = DropTarget(self)
        self.command_palette = CommandPalette(self, self.registry, self._find_videos)

    def _add_pages(self, entries: Sequence[PageEntry]) -> None:
        for entry in entries:
            self.pages.add(entry)
            self.rail.add(entry.id, entry.title, entry.glyph, entry.keys, at_end=entry.at_end)
        self.pages.add(PageEntry("welcome", "Welcome", self._welcome, in_rail=False))

    def _add_parts(self) -> None:
        services = self._services
        self.preferences = Preferences(services.settings, self)
        self._imports = ImportFlow(
            self, self, services.importing, services.consent, services.library
        )
        self._starts = StartFlow(self, services.library, services.samples, self.open_video)
        self._commands = Commands(self, self.registry, self.pages)
        self._commands.register(
            self._starts, self._imports, self.undo_history, self.command_palette, self.preferences
        )
        self.registry.add(self, [self.dock.action()])
        self._counting = QTimer(self, singleShot=True, interval=200)
        self._counting.timeout.connect(lambda: tasks.start(self, self._count(), "count videos"))
        self._refilling = QTimer(self, singleShot=True, interval=0)
        self._refilling.timeout.connect(lambda: fill_menus(self.menuBar(), self.registry))
        self._show_undo_state()

    def _connect(self) -> None:
        self.registry.changed.connect(self._refilling.start)
        self.pages.turned.connect(self._turned)
        self.rail.chosen.connect(self.pages.show_page)
        self.undo_history.changed.connect(self._show_undo_state)
        self.undo_history.undone.connect(lambda act: self.notify(f"Undone: {act.label}"))
        self.drop_target.dropped.connect(self._dropped)
        self.drop_target.purpose = lambda at: UPLOAD if self._uploads_at(at) else IMPORT
        self._imports.imported.connect(self._imported)
        self.status.video_wanted.connect(self.open_video)
        self.status.cancel_wanted.connect(self._services.production.cancel)
        self.status.library_wanted.connect(lambda: self.pages.show_page("library"))
        self.status.environment_wanted.connect(self._commands.show_environment)
        self._bridge.library_changed.connect(lambda *_: self._counting.start())
        self._bridge.render_started.connect(self._render_started)
        self._bridge.settings_changed.connect(self._settings_changed)
        self._connect_transfers()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            FocusKeys(app, self)

    def _connect_transfers(self) -> None:
        show = partial(self.pages.show_page, "publish")
        self.transfers.changed.connect(self.status.show_transfers)
        self.transfers.ended.connect(self._say_batch_ended)
        self._bridge.administrator_notice.connect(lambda notice: self.notify(notice.text))
        self.status.transfers_wanted.connect(show)
        self.dock.page_wanted.connect(show)
        self.dock.changed.connect(self.registry["view.transfers"].setChecked)

    def _welcome(self) -> QWidget:
        page = WelcomePage(read_samples(resource_dir() / "samples"))
        page.new_wanted.connect(self.registry["file.new"].trigger)
        page.import_wanted.connect(self.registry["file.import"].trigger)
        page.sample_wanted.connect(
            lambda title: tasks.start(self, self._open_sample(title), "open a sample")
        )
        return page

    async def _open_sample(self, title: str) -> None:
        """Open a sample and draw it: the first thing anybody sees here is scenes appearing."""
        video = await self._starts.open_sample(title)
        if video is not None and not video.latest_version:
            await self._services.production.render(video.id, Quality.DRAFT)

    # How it lives

    def start(self) -> None:
        """Show the window on the page of the last time; needs a running loop."""
        first_run = not self._services.settings.current.general.first_run_done
        page_id = "welcome" if first_run else self._layout.page_id
        self.pages.show_page(page_id if page_id in self.pages else "library")
        self.show()
        if page_id == "studio" and self._layout.video_id:
            self.open_video(self._layout.video_id)
        self._counting.start()
        self.transfers.read()
        tasks.start(self, self._show_protection(), "show what protects")
        offer_crash_report(self, self._services.crashes)
        if (damage := self._services.library.damage()) is not None:
            self.present_error(damage)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.drop_target.start()
        self._refilling.start()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._finished:
            event.accept()
            return
        event.ignore()
        if not self._closing:
            self._closing = True
            tasks.start(self, self._end(), "close the window")

    async def _end(self) -> None:
        try:
            if await self._may_close() and await closing.saved(self, self.pages.built()):
                await self._finish()
        finally:
            self._closing = False

    async def _may_close(self) -> bool:
        rendering = self.status.is_rendering()
        return await closing.may_close(self, rendering=rendering) and (
            await closing.transfers_settled(self, self._services.transfers, self.transfers.totals)
        )

    async def _finish(self) -> None:
        self.setEnabled(False)
        self.status.show_saved("Finishing…")
        self._layout.save(self, self.pages.current_id, self._open_video_id())
        await closing.finish(self.pages.built())
        self._bridge.close()
        self._counting.stop()
        self.transfers.stop()
        self._finished = True
        self.close()
        self.closed.emit()

    def _open_video_id(self) -> str:
        """Return the video to open the next time: the one that is open, else the last one."""
        shown = [page.video_id for page in self.pages.built() if isinstance(page, VideoPage)]
        return shown[0] if shown else self._layout.video_id

    async def _count(self) -> None:
        page = await self._services.library.search(SearchQuery(limit=1))
        self.status.show_video_count(page.total)

    def _offer_unprotected(self) -> None:
        tasks.start(self, self._go_unprotected(), "go without a sandbox")

    async def _go_unprotected(self) -> None:
        if await unprotected.ask(self, self._services.environment):
            await self._show_protection()
            self.notify("Scenes run without a sandbox until Proofreel is closed")

    async def _show_protection(self) -> None:
        self.status.show_protection(await self._services.environment.protection())

    async def _find_videos(self, text: str) -> tuple[Entry, ...]:
        query = SearchQuery(text=text, order="relevance", limit=PALETTE_VIDEOS)
        page = await self._services.library.search(query)
        return tuple(
            Entry(video.title, partial(self.open_video, video.id), "film-strip", detail="Video")
            for video in page.videos
        )

    # What happens to it

    def _turned(self, page_id: str) -> None:
        self.rail.mark(page_id)
        self.pages.page(page_id).setFocus()
        self._refilling.start()
        self.dock.allow(not isinstance(self.pages.page(page_id), FilesPage))
        self.setWindowTitle(f"{self.pages.title()} - Proofreel")

    def _show_undo_state(self) -> None:
        latest = self.undo_history.latest
        action = self.registry["edit.undo"]
        action.setEnabled(latest is not None)
        action.setText(f"Undo: {latest.label}" if latest else "Undo")

    def _uploads_at(self, at: QPoint) -> bool:
        """Tell whether files dropped at a place are uploaded."""
        return self.dock.is_under(at) or isinstance(self.pages.currentWidget(), FilesPage)

    def _dropped(self, paths: list[Path]) -> None:
        page, panel = self.pages.currentWidget(), self.dock.panel
        if panel is not None and self.dock.is_under(self.drop_target.place):
            panel.take(paths)
        elif isinstance(page, FilesPage):
            page.take_files(paths)
        else:
            self._import(paths)

    def _import(self, paths: list[Path]) -> None:
        tasks.start(self, self._imports.take(paths), "import dropped files")

    def _imported(self, result: ImportResult) -> None:
        if len(result.video_ids) == 1:
            self.open_video(result.video_ids[0])
        elif result.video_ids:
            self.pages.show_page("library")

    def _render_started(self, event: events.RenderStarted) -> None:
        tasks.start(self, self._name_render(event.video_id), "name the render")

    async def _name_render(self, video_id: str) -> None:
        with contextlib.suppress(StudioError):
            video = await self._services.library.video(video_id)
            self.status.name_render(video_id, video.title)

    def _say_batch_ended(self, text: str) -> None:
        shown = self.dock.isVisible() or self.pages.current_id == "publish"
        show = None if shown else partial(self.pages.show_page, "publish")
        self.toasts.show_toast(text, "Show" if show else "", show)
        if not self.isActiveWindow():
            notify_desktop(self, "Uploads have ended", text)

    def _settings_changed(self) -> None:
        self._theme.choose(self._services.settings.current.appearance.theme)
