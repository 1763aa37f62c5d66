"""The actions of the publish page as menus, palette and key sheet know them."""

from functools import partial

from desktop.ui.actions import Action
from desktop.ui.pages.publish.panel import TransferPanel
from desktop.ui.pages.publish.places import Places

MENU = "Transfers"


def actions(panel: TransferPanel, places: Places) -> tuple[Action, ...]:
    """Declare every action of the page, in the order of the menu."""
    return (*_selected(panel), *_order(panel), *_all(panel), *_page(panel, places))


def _selected(panel: TransferPanel) -> tuple[Action, ...]:
    return (
        Action("publish.pause", "Pause or go on", partial(panel.act, "pause"), "Space", "pause",
               MENU, "resume stop"),
        Action("publish.retry", "Try again", partial(panel.act, "retry"), "R", "arrow-clockwise",
               MENU, "retry failed"),
        Action("publish.remove", "Cancel, or remove from the list", partial(panel.act, "remove"),
               "Del", "x", MENU, "abort forget delete"),
        Action("publish.details", "Show details", _toggle(panel), "Ctrl+I", "info",
               "View", "history timeline facts", checkable=True),
    )  # fmt: skip


def _order(panel: TransferPanel) -> tuple[Action, ...]:
    do = panel.conduct
    return (
        Action("publish.earlier", "Send earlier", partial(panel.act, "earlier"), "Ctrl+Up",
               "arrow-up", MENU, "reorder queue up"),
        Action("publish.later", "Send later", partial(panel.act, "later"), "Ctrl+Down",
               "arrow-down", MENU, "reorder queue down"),
        Action("publish.first", "Send first", partial(do.move_to_end, first=True),
               "Ctrl+Shift+Up", "arrow-line-up", MENU, "top priority"),
        Action("publish.last", "Send last", partial(do.move_to_end, first=False),
               "Ctrl+Shift+Down", "arrow-line-down", MENU, "bottom"),
        Action("publish.high", "Priority: high", partial(do.prioritise, 1), (), "caret-double-up",
               MENU),
        Action("publish.normal", "Priority: normal", partial(do.prioritise, 0), (), "circle",
               MENU),
        Action("publish.low", "Priority: low", partial(do.prioritise, -1), (),
               "caret-double-down", MENU),
    )  # fmt: skip


def _all(panel: TransferPanel) -> tuple[Action, ...]:
    do = panel.conduct
    return (
        Action("publish.pause_all", "Pause all", partial(do.hold_or_release_all, paused=False),
               "Ctrl+Shift+Space", "pause-circle", MENU, "hold"),
        Action("publish.go_on_all", "Go on with all",
               partial(do.hold_or_release_all, paused=True), (), "play-circle", MENU, "resume"),
        Action("publish.clear", "Remove everything done from the list…", do.forget_done, (),
               "check-circle", MENU, "history forget clean"),
        Action("publish.limits", "Speed limits…", do.edit_limits, (), "gauge", MENU,
               "bandwidth rate timetable connections"),
    )  # fmt: skip


def _page(panel: TransferPanel, places: Places) -> tuple[Action, ...]:
    return (
        Action("publish.upload", "Upload files…", panel.choose_files, "Ctrl+U", "upload-simple",
               "File", "send cloud s3"),
        Action("publish.search", "Search the transfers", panel.bar.start_search,
               ("Ctrl+F", "Ctrl+L"), "magnifying-glass", "Edit", "find filter"),
        Action("publish.destination", "Add a destination…", panel.add_destination, (), "cloud",
               "File", "bucket s3 profile account"),
        Action("publish.remnants", "Unfinished uploads at the service…",
               places.remnants_wanted.emit, (), "cloud-slash", MENU, "multipart orphan abort"),
    )  # fmt: skip


def _toggle(panel: TransferPanel) -> partial[None]:
    def toggle() -> None:
        panel.show_details(shown=panel.details.isHidden())

    return partial(toggle)
