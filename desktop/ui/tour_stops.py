"""The stops of the tour: how each state of the window is reached."""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from desktop.domain.errors import InvalidInput, Problem
from desktop.domain.library import SearchQuery, SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.undo import Undo
from desktop.ui import tasks, tour_publish
from desktop.ui.consent import ConsentSheet
from desktop.ui.tour_camera import Tour

Stop = Callable[[Tour], Awaitable[None]]

BROKEN_STORYBOARD = """---
title: A storyboard with mistakes
---

## A block nobody knows

```plto
f(x) = x^2
```

## A picture that is not there

![A cat](cat.png)
"""

BROKEN_SCENE = "from manim import Scene\n\n\nclass Broken(Scene):\n    def construct(self:\n"

FOREIGN_SCENE = """from urllib.request import urlopen

from manim import *


class Fetched(Scene):
    def construct(self):
        words = urlopen("https://example.org/words.txt").read()
        self.play(Write(Text(words.decode())))
"""


def stops() -> tuple[tuple[str, Stop], ...]:
    """Return every stop with its name, in the order in which they are visited."""
    return (
        ("welcome", _welcome),
        ("studio-empty", _studio_empty),
        ("new-video", _new_video),
        ("studio", _studio),
        ("studio-rendering", _rendering),
        ("studio-error", _studio_error),
        ("library", _library),
        ("library-list", _library_list),
        ("library-search", _library_search),
        ("library-nothing-found", _library_nothing),
        ("library-trash", _library_trash),
        *tour_publish.stops(),
        ("settings", _settings),
        ("settings-search", _settings_search),
        ("palette", _palette),
        ("palette-search", _palette_search),
        ("drop", _drop),
        ("import-preview", _import_preview),
        ("consent", _consent),
        ("keys", _keys),
        ("about", _about),
        ("notice", _notice),
        ("error", _error),
        ("bug", _bug),
    )


async def _welcome(tour: Tour) -> None:
    tour.window.pages.show_page("welcome")
    await tour.settle()
    await tour.take("welcome")


async def _studio_empty(tour: Tour) -> None:
    tour.window.pages.show_page("studio")
    await tour.settle()
    await tour.take("studio-empty")


async def _new_video(tour: Tour) -> None:
    tour.window.registry["file.new"].trigger()
    await asyncio.sleep(0.3)
    await tour.take("new-video")


async def _sample(tour: Tour) -> Video:
    """Return the first sample storyboard, with at least one version."""
    services = tour.services
    project = await services.samples.install()
    query = SearchQuery(project_id=project.id, kind=SourceKind.STORYBOARD, order="title")
    video = (await services.library.search(query)).videos[0]
    if not video.latest_version:
        await services.production.render(video.id, Quality.DRAFT)
    return video


async def _studio(tour: Tour) -> None:
    video = await _sample(tour)
    tour.window.open_video(video.id)
    await tour.settle(1.0)
    await tour.take("studio")


async def _rendering(tour: Tour) -> None:
    video = await _sample(tour)
    services = tour.services
    tour.window.open_video(video.id)
    await tour.settle()
    render = tasks.start(
        tour.window,
        services.production.render(video.id, Quality.FINAL),
        "tour render",
        on_error=lambda _: None,
    )
    await asyncio.sleep(4)
    await tour.take("studio-rendering")
    services.production.cancel(video.id)
    with contextlib.suppress(Exception, asyncio.CancelledError):
        await render


async def _studio_error(tour: Tour) -> None:
    library = tour.services.library
    project = await tour.services.samples.install()
    video = await library.create_video(
        project.id, "A storyboard with mistakes", SourceKind.STORYBOARD, BROKEN_STORYBOARD
    )
    tour.window.open_video(video.id)
    await tour.settle(1.0)
    await tour.take("studio-error")
    await library.trash_videos((video.id,))
    tour.window.open_video((await _sample(tour)).id)
    await tour.settle()


async def _library(tour: Tour) -> None:
    tour.window.pages.show_page("library")
    await tour.settle(0.5)
    await tour.take("library")


async def _by_action(tour: Tour, name: str, action_id: str) -> None:
    """Take a picture after an action; raises KeyError when there is none of that name."""
    tour.window.registry[action_id].trigger()
    await tour.settle(0.3)
    await tour.take(name)


async def _library_list(tour: Tour) -> None:
    tour.window.pages.show_page("library")
    await tour.settle()
    await _by_action(tour, "library-list", "library.list")
    tour.window.registry["library.grid"].trigger()


async def _search_library(tour: Tour, text: str, name: str) -> None:
    page = tour.window.pages.show_page("library")
    field = next(
        field
        for field in page.findChildren(QLineEdit)
        if "search" in f"{field.accessibleName()} {field.placeholderText()}".casefold()
    )
    field.setText(text)
    await tour.settle(0.5)
    await tour.take(name)
    field.clear()
    await tour.settle()


async def _library_search(tour: Tour) -> None:
    video = await _sample(tour)
    await _search_library(tour, video.title.split()[0], "library-search")


async def _library_nothing(tour: Tour) -> None:
    await _search_library(tour, "zzzz qqqq", "library-nothing-found")


async def _library_trash(tour: Tour) -> None:
    tour.window.pages.show_page("library")
    await tour.settle()
    await _by_action(tour, "library-trash", "library.show_trash")
    tour.window.registry["library.show_all"].trigger()


async def _settings(tour: Tour) -> None:
    tour.window.pages.show_page("settings")
    await tour.settle()
    await tour.take("settings")


async def _settings_search(tour: Tour) -> None:
    page = tour.window.pages.show_page("settings")
    field = page.findChildren(QLineEdit)[0]
    field.setText("frame rate")
    await tour.settle()
    await tour.take("settings-search")
    field.clear()


async def _palette(tour: Tour) -> None:
    tour.window.pages.show_page("studio")
    tour.window.command_palette.open()
    await tour.settle()
    await tour.take("palette")
    tour.window.command_palette.dismiss()


async def _palette_search(tour: Tour) -> None:
    video = await _sample(tour)
    tour.window.command_palette.open()
    tour.window.command_palette.field.setText(video.title[:3].lower())
    await tour.settle(0.3)
    await tour.take("palette-search")
    tour.window.command_palette.dismiss()


async def _drop(tour: Tour) -> None:
    tour.window.drop_target.overlay.cover()
    await tour.take("drop")
    tour.window.drop_target.overlay.hide()


async def _import_preview(tour: Tour) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = await asyncio.to_thread(_dropped_files, Path(name))
        tour.window.drop_target.dropped.emit(files)
        await asyncio.sleep(1.5)
        await tour.take("import-preview")


def _dropped_files(folder: Path) -> list[Path]:
    texts = {
        "limits.md": "---\ntitle: Limits\n---\n\n## The idea\n\n- Closer and closer\n",
        "broken.py": BROKEN_SCENE,
        "notes.docx": "not a document",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


async def _consent(tour: Tour) -> None:
    services = tour.services
    project = await services.samples.install()
    video = await services.library.create_video(
        project.id, "A film from elsewhere", SourceKind.MANIM, FOREIGN_SCENE
    )
    question = await services.consent.needed(video.id)
    if question is not None:
        sheet = ConsentSheet(tour.window, question, "Allow and render")
        sheet.open()
        sheet.show_code.click()
        await tour.settle(0.3)
        await tour.take("consent")
    await services.library.trash_videos((video.id,))


async def _keys(tour: Tour) -> None:
    tour.window.pages.show_page("studio")
    tour.window.registry["help.keys"].trigger()
    await tour.take("keys")


async def _about(tour: Tour) -> None:
    tour.window.registry["help.about"].trigger()
    await tour.take("about")


async def _notice(tour: Tour) -> None:
    async def revert() -> None:
        """The picture is all that is wanted."""

    tour.window.show_undo(Undo("Moved 3 videos to the trash", revert))
    tour.window.notify("Exported “Limits” to the desktop")
    await tour.settle(0.3)
    await tour.take("notice")
    for toast in tour.window.toasts.toasts():
        toast.close()


async def _error(tour: Tour) -> None:
    error = InvalidInput(
        "The storyboard has errors",
        remedy="Correct the lines named; the other scenes can be rendered meanwhile.",
        problems=(Problem("Unknown block “plto”.", 8, "Did you mean “plot”?"),),
    )
    tour.window.present_error(error, button="Go to line 8", act=int)
    await tour.take("error")
    for banner in tour.window.banners.banners():
        banner.close()


async def _bug(tour: Tour) -> None:
    tour.window.present_error(RuntimeError("An example of a mistake in the program"))
    await tour.take("bug")
