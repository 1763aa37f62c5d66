"""Brings together what is selected and what shall be done with it: keys, menus and buttons."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.library import Video
from desktop.ui.exports import ExportActs
from desktop.ui.models.projects import PROJECT, TRASH, Place
from desktop.ui.pages.library.acts import LibraryActs
from desktop.ui.pages.library.begin import Begin
from desktop.ui.pages.library.browsing import Browsing
from desktop.ui.pages.library.places import PlaceList
from desktop.ui.pages.library.selection import Selection


class Conduct:
    """Does things to the selected videos and to the chosen project."""

    def __init__(
        self,
        acts: LibraryActs,
        exports: ExportActs,
        browsing: Browsing,
        selection: Selection,
        left: PlaceList,
        begin: Begin,
    ) -> None:
        self._acts = acts
        self._exports = exports
        self._browsing = browsing
        self._selection = selection
        self._left = left
        self._begin = begin
        self.actions: dict[str, QAction] = {}
        """Qt's actions by id, for menus."""
        self.offer_upload: Callable[[QMenu, Video], object] = lambda _menu, _video: None
        """Puts the upload of a video into a menu."""

    @property
    def _page(self) -> QWidget:
        return self._acts.page

    # Videos

    def open(self) -> None:
        """Open the selected video in the studio; one of the trash has to be restored first."""
        video = self._selection.one()
        if video is None:
            return
        if video.trashed_at is not None:
            self._acts.shell.notify("Restore the video to open it")
        else:
            self._acts.shell.open_video(video.id)

    def duplicate(self) -> None:
        """Copy the selected videos."""
        self._acts.start(self._duplicate(), "duplicate videos")

    async def _duplicate(self) -> None:
        await self._acts.duplicate(await self._selection.ids())

    def trash(self) -> None:
        """Put the selected videos into the trash."""
        if not self._browsing.trashed:
            self._acts.start(self._trash(), "move to trash")

    async def _trash(self) -> None:
        rows = self._selection.rows()
        ids = await self._selection.ids()
        self._selection.go_on_from(rows)
        await self._acts.trash(ids)

    def restore(self) -> None:
        """Take the selected videos out of the trash."""
        self._acts.start(self._restore(), "restore videos")

    async def _restore(self) -> None:
        await self._acts.restore(await self._selection.ids())

    def delete(self) -> None:
        """Delete the selected videos of the trash for good."""
        self._acts.start(self._delete(), "delete videos")

    async def _delete(self) -> None:
        await self._acts.delete(await self._selection.ids())

    def empty_trash(self) -> None:
        """Delete everything in the trash for good."""
        projects = len(self._browsing.trashed_projects)
        work = self._acts.empty_trash(self._browsing.videos_in_trash, projects)
        self._acts.start(work, "empty the trash")

    def move(self, title: str, project_id: str) -> None:
        """Move the selected videos to a project."""
        self._acts.start(self._move(title, project_id), "move videos")

    async def _move(self, title: str, project_id: str) -> None:
        await self._acts.move(await self._selection.ids(), project_id, title)

    def move_to_new(self) -> None:
        """Make a project and move the selected videos to it."""
        self._acts.start(self._move_to_new(), "move videos")

    async def _move_to_new(self) -> None:
        ids = await self._selection.ids()
        project = await self._acts.new_project()
        if project is not None:
            await self._acts.move(ids, project.id, project.title)

    def dropped(self, place: Place, video_ids: tuple[str, ...]) -> None:
        """Do what dropping videos on a place means."""
        self._acts.start(self._dropped(place, video_ids), "move videos")

    async def _dropped(self, place: Place, video_ids: tuple[str, ...]) -> None:
        # What is dragged is what is selected, and of that only what was looked at has an id yet.
        selected = await self._selection.ids()
        if set(video_ids) < set(selected):
            video_ids = selected
        if place.kind == TRASH:
            if not self._browsing.trashed:
                await self._acts.trash(video_ids)
            return
        if self._browsing.trashed:
            await self._acts.restore(video_ids)
        await self._acts.move(video_ids, place.project_id, place.title)

    # Projects

    def new_project(self) -> None:
        """Make a project and show it."""
        self._acts.start(self._new_project(), "new project")

    async def _new_project(self) -> None:
        project = await self._acts.new_project()
        if project is not None:
            await self._browsing.read_places()
            self._left.choose(PROJECT, project.id)

    def rename_project(self) -> None:
        """Give the chosen project another title."""
        if self._left.place.kind == PROJECT:
            work = self._acts.rename_project(self._left.place.project_id)
            self._acts.start(work, "rename project")

    def trash_project(self) -> None:
        """Put the chosen project into the trash."""
        if self._left.place.kind == PROJECT:
            work = self._acts.trash_project(self._left.place.project_id)
            self._acts.start(work, "move project to trash")

    # Menus

    def videos_menu(self) -> QMenu:
        """Return the menu of the selected videos."""
        menu = QMenu(self._page)
        if self._browsing.trashed:
            self._add(menu, "restore", "delete")
            return menu
        if (video := self._selection.one()) is not None:
            self._add(menu, "open", "rename")
            self._exports.fill(menu.addMenu("Export"), video)
            self.offer_upload(menu, video)
            menu.addSeparator()
        self._add(menu, "duplicate")
        self.fill_projects(menu.addMenu("Move to"))
        menu.addSeparator()
        self._add(menu, "trash")
        return menu

    def _add(self, menu: QMenu, *names: str) -> None:
        for name in names:
            action = self.actions[f"library.{name}"]
            if action.isEnabled():
                menu.addAction(action)

    def fill_projects(self, menu: QMenu) -> None:
        """Put the projects the selected videos can be moved to into a menu."""
        inside = [video.project_id for video in self._selection.videos()]
        for place in self._browsing.projects_but(inside):
            action = menu.addAction(place.title)
            action.triggered.connect(
                lambda *_, place=place: self.move(place.title, place.project_id)
            )
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction("New project…").triggered.connect(self.move_to_new)

    def places_menu(self, place: Place | None) -> QMenu:
        """Return the menu of a place at the left."""
        menu = QMenu(self._page)
        if place is not None and place.kind == PROJECT:
            new = menu.addAction("New video here…")
            new.triggered.connect(lambda *_: self._begin.new_video())
            self._add(menu, "rename_project", "trash_project")
            menu.addSeparator()
        if place is not None and place.kind == TRASH:
            self._add(menu, "empty_trash")
            menu.addSeparator()
        self._add(menu, "new_project")
        return menu

    def restore_menu(self) -> QMenu:
        """Return the menu of the projects in the trash."""
        menu = QMenu(self._page)
        for project in self._browsing.trashed_projects:
            action = menu.addAction(project.title)
            action.triggered.connect(
                lambda *_, project=project: self._acts.start(
                    self._acts.restore_project(project.id, project.title), "restore project"
                )
            )
        return menu

    def show_exports(self, at: QPoint) -> None:
        """Open the menu of export forms."""
        video = self._selection.one()
        if video is not None:
            menu = QMenu(self._page)
            self._exports.fill(menu, video)
            popup(menu, at)

    def show_projects(self, at: QPoint) -> None:
        """Open the menu of projects to move to."""
        menu = QMenu(self._page)
        self.fill_projects(menu)
        popup(menu, at)


def popup(menu: QMenu, at: QPoint) -> None:
    """Open a menu without waiting for it; it goes away with its choice."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
