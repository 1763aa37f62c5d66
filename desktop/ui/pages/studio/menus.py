"""What can be done in the studio: the actions of its keys and the menus of scenes and versions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.library import Version
from desktop.ui.actions import Action

MOST_VERSIONS = 12
"""Versions offered in a menu; older ones are in the version stack."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """Carries out what keys, menus and buttons ask for."""

    draft: Callable[[], object]
    final: Callable[[], object]
    cancel: Callable[[], object]
    export: Callable[[], object]
    add_scene: Callable[[], object]
    move_scene: Callable[[int], object]
    render_scene: Callable[[str], object]
    play_scene: Callable[[str], object]
    write_scene: Callable[[str], object]
    duplicate_scene: Callable[[str], object]
    remove_scene: Callable[[str], object]
    restore_scene: Callable[[int, str], object]
    current_scene: Callable[[], str]
    play: Callable[[], object]
    neighbour: Callable[[int], object]
    show_version: Callable[[int], object]
    restore: Callable[[int], object]
    compare: Callable[[int], object]


def actions(do: Deeds) -> tuple[Action, ...]:
    """Return the studio's actions with their keys."""
    return (*_rendering(do), *_scenes(do), *_versions(do))


def _rendering(do: Deeds) -> tuple[Action, ...]:
    return (
        Action(
            "studio.render_draft", "Render draft", do.draft, ("Ctrl+Return", "Ctrl+Enter"),
            "play", "Video", "make preview build",
        ),
        Action(
            "studio.render_final", "Render final", do.final,
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "film-strip", "Video",
            "make full quality publish",
        ),
        Action(
            "studio.render_scene", "Render this scene only",
            lambda: do.render_scene(do.current_scene()), "Ctrl+Alt+Return", "play-circle",
            "Video", "preview single",
        ),
        Action("studio.cancel", "Cancel the render", do.cancel, "Ctrl+.", "x", "Video", "stop"),
        Action("studio.export", "Export…", do.export, "Ctrl+E", "export", "Video", "mp4 gif"),
        Action("studio.play", "Play or pause while writing", do.play, "Ctrl+Space", "play"),
    )  # fmt: skip


def _scenes(do: Deeds) -> tuple[Action, ...]:
    return (
        Action(
            "studio.add_scene", "Add a scene", do.add_scene, "Ctrl+Shift+N", "plus", "Edit",
            "new insert",
        ),
        Action(
            "studio.scene_up", "Move scene up", partial(do.move_scene, -1), "Ctrl+Shift+Up",
            "arrow-up", "Edit", "order earlier",
        ),
        Action(
            "studio.scene_down", "Move scene down", partial(do.move_scene, 1), "Ctrl+Shift+Down",
            "arrow-down", "Edit", "order later",
        ),
    )  # fmt: skip


def _versions(do: Deeds) -> tuple[Action, ...]:
    return (
        Action(
            "studio.newer", "Show the newer version", partial(do.neighbour, 1), "Alt+Up",
            "caret-up", hint="stack next",
        ),
        Action(
            "studio.older", "Show the older version", partial(do.neighbour, -1), "Alt+Down",
            "caret-down", hint="stack previous history",
        ),
    )  # fmt: skip


def scene_menu(
    parent: QWidget, do: Deeds, scene_id: str, versions: tuple[Version, ...], *, arrangeable: bool
) -> QMenu:
    """Return the context menu of a scene."""
    menu = QMenu(parent)
    _add(menu, "Play from here", partial(do.play_scene, scene_id))
    _add(menu, "Go to its text", partial(do.write_scene, scene_id))
    _add(menu, "Render this scene only", partial(do.render_scene, scene_id))
    menu.addSeparator()
    having = [one for one in versions if any(take.scene_id == scene_id for take in one.scenes)]
    restoring = menu.addMenu("Restore from")
    restoring.setEnabled(bool(having))
    for version in having[:MOST_VERSIONS]:
        name = f"Version {version.number}" + (f": {version.note}" if version.note else "")
        _add(restoring, name, partial(do.restore_scene, version.number, scene_id))
    if arrangeable:
        menu.addSeparator()
        _add(menu, "Duplicate", partial(do.duplicate_scene, scene_id))
        _add(menu, "Remove", partial(do.remove_scene, scene_id))
    return menu


def version_menu(parent: QWidget, do: Deeds, version: Version, *, writable: bool) -> QMenu:
    """Return the context menu of a version."""
    menu = QMenu(parent)
    number = version.number
    _add(menu, "Watch", partial(do.show_version, number))
    if writable:
        _add(menu, "What changed since", partial(do.compare, number))
        _add(menu, "Restore this version", partial(do.restore, number))
    return menu


def _add(menu: QMenu, text: str, act: Callable[[], object]) -> None:
    menu.addAction(text).triggered.connect(lambda *_: act())
