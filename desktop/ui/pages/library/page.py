"""The library page: places at the left, videos in the middle, details at the right."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QSplitter, QWidget
from typing_extensions import override

from desktop.domain import events
from desktop.domain.errors import NotFound
from desktop.domain.library import Video
from desktop.services.services import Services
from desktop.ui import tasks
from desktop.ui.exports import ExportActs
from desktop.ui.importing import ImportFlow
from desktop.ui.models.projects import ALL, PROJECT, TRASH, ProjectsModel
from desktop.ui.models.videos import VideosModel
from desktop.ui.pages.library.acts import LibraryActs
from desktop.ui.pages.library.begin import Begin
from desktop.ui.pages.library.browsing import Browsing
from desktop.ui.pages.library.centre import Beginnings, Centre
from desktop.ui.pages.library.conduct import Conduct, popup
from desktop.ui.pages.library.deeds import Deeds, actions
from desktop.ui.pages.library.inspector import Inspector, below
from desktop.ui.pages.library.pictures import Pictures
from desktop.ui.pages.library.places import PlaceList
from desktop.ui.pages.library.selection import Selection
from desktop.ui.pages.publish.uploading import UploadFlow
from desktop.ui.shell import Shell
from desktop.ui.starting import StartFlow
from desktop.ui.tokens import SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import column, frame, row
from desktop.ui.widgets.buttons import button

LEFT, RIGHT = 208, 284
"""Pixels of the side columns at first."""


class LibraryPage(QWidget):
    """Every video of this computer: to find, look at, put in order, open and take out."""

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("page")
        self._library = services.library
        self._shell = shell
        self.model = VideosModel(services.library, self)
        self.places_model = ProjectsModel(self)
        self.selection = Selection(self.model, self)
        pictures = Pictures(services.library, self)
        self.acts = LibraryActs(self, services.library, shell)
        self.inspector = Inspector(pictures)
        self.places = PlaceList(self.places_model)
        self.centre = Centre(self.model, pictures, self.selection)
        self.browsing = Browsing(
            services.library, self.model, self.places_model, self.centre, self.places
        )
        self.begin = Begin(
            self.acts,
            self.browsing,
            self.places,
            StartFlow(self, services.library, services.samples, shell.open_video),
            ImportFlow(self, shell, services.importing, services.consent, services.library),
            services.samples,
        )
        exports = ExportActs(self, services.exporting, services.library, shell)
        self.conduct = Conduct(
            self.acts, exports, self.browsing, self.selection, self.places, self.begin
        )
        self._pictures = pictures
        self.centre.offer(self._beginnings())
        self._build()
        self.actions_by_id = shell.register_actions(self, actions(self._deeds()))
        self.conduct.actions = self.actions_by_id
        self._uploads = UploadFlow(self, services.transfers, shell)
        self.conduct.offer_upload = self._offer_upload
        self._connect_parts()
        self._connect_inspector()
        self._connect_events()
        self._show_selection()

    # How it is put together

    def _beginnings(self) -> Beginnings:
        return Beginnings(
            new_video=self.begin.new_video,
            bring=self.begin.bring,
            samples=self.begin.open_samples,
            clear_filters=self.centre.bar.clear_all,
            all_videos=lambda: self.places.choose(ALL),
        )

    def _build(self) -> None:
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        for part in (self._left(), self.centre, self.inspector):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([LEFT, 720, RIGHT])
        self.browsing.setParent(self)
        self.setLayout(column(self._split, spacing=0))

    def _left(self) -> QFrame:
        new = button("New project…", self.conduct.new_project, kind="quiet", glyph="plus")
        foot = row(new, None, margins=(SPACE_2, 0, SPACE_2, 0))
        panel = frame(
            column(self.places, foot, spacing=SPACE_2, margins=(0, SPACE_3, 0, SPACE_3)), "panel"
        )
        panel.setMinimumWidth(152)
        return panel

    def _deeds(self) -> Deeds:
        do = self.conduct
        return Deeds(
            search=self._search,
            show_grid=lambda: self.show_view("grid"),
            show_list=lambda: self.show_view("table"),
            details=self._toggle_details,
            open=do.open,
            rename=self._rename,
            duplicate=do.duplicate,
            move=lambda: do.show_projects(self._middle()),
            export=lambda: do.show_exports(self._middle()),
            trash=do.trash,
            restore=do.restore,
            delete=do.delete,
            empty_trash=do.empty_trash,
            new_project=do.new_project,
            rename_project=do.rename_project,
            trash_project=do.trash_project,
            clear=self.centre.bar.clear_all,
            show_all=lambda: self.places.choose(ALL),
            show_trash=lambda: self.places.choose(TRASH),
        )

    def _connect_parts(self) -> None:
        bar, do = self.centre.bar, self.conduct
        bar.grid.clicked.connect(lambda: self.show_view("grid"))
        bar.table.clicked.connect(lambda: self.show_view("table"))
        bar.inspector.clicked.connect(self._toggle_details)
        bar.left.connect(self._go_to_videos)
        for view in (self.centre.grid, self.centre.table):
            view.opened.connect(lambda *_: do.open())
            view.menu_wanted.connect(lambda at: popup(do.videos_menu(), at))
        self.centre.table.order_wanted.connect(bar.choose_order)
        trash = self.centre.trash_bar
        trash.empty.clicked.connect(do.empty_trash)
        trash.projects.clicked.connect(lambda: popup(do.restore_menu(), below(trash.projects)))
        self.places.chosen.connect(lambda *_: self._show_selection())
        self.places.menu_wanted.connect(self._places_menu)
        self.places.rename_wanted.connect(do.rename_project)
        self.places.trash_wanted.connect(do.trash_project)
        self.places_model.dropped.connect(do.dropped)
        self.selection.changed.connect(self._show_selection)
        self.show_view("grid")
        bar.inspector.setChecked(True)
        self.actions_by_id["library.details"].setChecked(True)

    def _connect_inspector(self) -> None:
        inspector, do = self.inspector, self.conduct
        inspector.edited.connect(self._edited)
        inspector.open_wanted.connect(do.open)
        inspector.export_wanted.connect(do.show_exports)
        inspector.duplicate_wanted.connect(do.duplicate)
        inspector.move_wanted.connect(do.show_projects)
        inspector.trash_wanted.connect(do.trash)
        inspector.restore_wanted.connect(do.restore)
        inspector.delete_wanted.connect(do.delete)

    def _connect_events(self) -> None:
        bridge = self._shell.bridge
        bridge.library_changed.connect(lambda *_: self.browsing.library_changed())
        bridge.version_added.connect(self._version_added)

    # How it lives

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.browsing.catch_up()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not a focus proxy: Tab would go round from the details to the videos for ever.
        self.centre.view.setFocus(event.reason())

    def show_view(self, name: str) -> None:
        """Use the "grid" or the "table"."""
        self.centre.show_view(name)
        self.actions_by_id["library.grid"].setChecked(name == "grid")
        self.actions_by_id["library.list"].setChecked(name == "table")

    def show_details(self, *, shown: bool) -> None:
        """Show or hide the details of what is selected."""
        self.inspector.setVisible(shown)
        self.centre.bar.inspector.setChecked(shown)
        self.actions_by_id["library.details"].setChecked(shown)

    def _toggle_details(self) -> None:
        self.show_details(shown=self.inspector.isHidden())

    def _search(self) -> None:
        self.centre.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.centre.bar.search.selectAll()

    def _go_to_videos(self) -> None:
        self.centre.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.total and not self.selection.rows():
            self.selection.select([0])

    def _rename(self) -> None:
        if self.selection.one() is not None and not self.browsing.trashed:
            self.show_details(shown=True)
            self.inspector.edit_title()

    def _middle(self) -> QPoint:
        view = self.centre.view
        return view.mapToGlobal(view.rect().center())

    def _places_menu(self, place: object, at: QPoint) -> None:
        popup(self.conduct.places_menu(self.places.place if place is not None else None), at)

    def _offer_upload(self, menu: QMenu, video: Video) -> None:
        number = video.latest_version
        path = self._library.files(video.id, number).video if number else ""
        self._uploads.fill(menu, video, path)

    def _edited(self, video_id: str, changes: dict[str, object]) -> None:
        self.acts.start(self.acts.edit(video_id, **changes), "edit a video")

    def _version_added(self, event: events.VersionAdded) -> None:
        self._pictures.forget(event.video_id)
        self.browsing.library_changed()

    # What is selected

    def _show_selection(self) -> None:
        videos, number = self.selection.videos(), len(self.selection.rows())
        trashed = self.browsing.trashed
        project = self.model.project_title(videos[0].project_id) if videos else ""
        self.inspector.show_videos(videos, trashed=trashed, number=number, project=project)
        if len(videos) == number == 1:
            tasks.start(self, self._read_scenes(videos[0].id), "read the scenes")
        self._enable(number, trashed=trashed)

    async def _read_scenes(self, video_id: str) -> None:
        try:
            titles = await self._library.scene_titles(video_id)
        except NotFound:
            titles = ()
        shown = self.inspector.video
        if shown is not None and shown.id == video_id:
            self.inspector.show_scenes(titles)

    def _enable(self, number: int, *, trashed: bool) -> None:
        living, dead = bool(number) and not trashed, bool(number) and trashed
        in_project = self.places.place.kind == PROJECT
        states = {
            "open": living and number == 1,
            "export": living and number == 1,
            "rename": living and number == 1,
            "duplicate": living,
            "move": living,
            "trash": living,
            "restore": dead,
            "delete": dead,
            "empty_trash": bool(self.browsing.videos_in_trash or self.browsing.trashed_projects),
            "rename_project": in_project,
            "trash_project": in_project,
        }
        for name, enabled in states.items():
            self.actions_by_id[f"library.{name}"].setEnabled(enabled)
