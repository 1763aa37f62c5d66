"""Services for tests of windows: the same verbs, answers kept in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from desktop.config.keychain import Keychain
from desktop.config.settings import Settings
from desktop.domain.allowances import Allowance
from desktop.domain.errors import StudioError
from desktop.domain.events import EventBus, LibraryChanged, SettingsChanged
from desktop.domain.library import Project, SearchPage, SearchQuery, SourceKind, Video
from desktop.domain.picture import Quality
from desktop.services.consent import ConsentQuestion
from desktop.services.secrets import SecretService
from desktop.services.services import Services
from desktop.services.values import (
    Check,
    CheckState,
    CrashReport,
    ImportAction,
    ImportItem,
    ImportPlan,
    ImportResult,
)
from tests.ui.fake_transfers import FakeTransfers

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def project(title: str = "Lectures", project_id: str = "p1") -> Project:
    return Project(project_id, title, NOW, NOW)


def video(title: str, video_id: str = "v1", project_id: str = "p1") -> Video:
    return Video(video_id, project_id, title, SourceKind.STORYBOARD, NOW, NOW)


class FakeLibrary:
    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self.videos: dict[str, Video] = {}
        self.all_projects: dict[str, Project] = {"p1": project()}
        self.sources: dict[str, str] = {}
        self.found_damage: StudioError | None = None

    def damage(self) -> StudioError | None:
        return self.found_damage

    async def projects(self, *, trashed: bool = False) -> tuple[Project, ...]:
        return () if trashed else tuple(self.all_projects.values())

    async def create_project(self, title: str, description: str = "") -> Project:
        made = project(title, f"p{len(self.all_projects) + 1}")
        self.all_projects[made.id] = made
        return made

    async def create_video(
        self, project_id: str, title: str, kind: SourceKind, source: str, *, own: bool = False
    ) -> Video:
        made = replace(video(title, f"v{len(self.videos) + 1}", project_id), kind=kind)
        self.videos[made.id] = made
        self.sources[made.id] = source
        self._bus.publish(LibraryChanged((made.id,)))
        return made

    async def video(self, video_id: str) -> Video:
        return self.videos[video_id]

    async def search(self, query: SearchQuery) -> SearchPage:
        words = query.text.casefold().split()
        found = tuple(
            one
            for one in self.videos.values()
            if all(word in one.title.casefold() for word in words)
            and query.project_id in {None, one.project_id}
        )
        return SearchPage(found[: query.limit], len(found))


class FakeSettings:
    def __init__(self, folder: Path, bus: EventBus) -> None:
        self.folder = folder
        self.current = Settings()
        self.saves = 0
        self._bus = bus

    async def save(self, settings: Settings) -> None:
        self.current = settings
        self.saves += 1
        self._bus.publish(SettingsChanged())


class FakeImporting:
    def __init__(self, library: FakeLibrary) -> None:
        self._library = library
        self.carried_out: list[tuple[ImportPlan, str | None]] = []
        self.reverted = 0

    async def plan(self, paths: Sequence[Path]) -> ImportPlan:
        items = tuple(_planned(path) for path in paths if path.suffix != ".xyz")
        return ImportPlan(items, "Dropped files")

    async def carry_out(self, plan: ImportPlan, project_id: str | None = None) -> ImportResult:
        self.carried_out.append((plan, project_id))
        made = [
            await self._library.create_video(
                project_id or "p1", item.title, SourceKind.STORYBOARD, ""
            )
            for item in plan.items
            if item.accepted
        ]
        ids = tuple(one.id for one in made)
        return ImportResult("p1", ids, f"Imported {len(ids)} videos", self._revert)

    async def _revert(self) -> None:
        self.reverted += 1


def _planned(path: Path) -> ImportItem:
    match path.suffix:
        case ".md":
            return ImportItem(
                path, ImportAction.STORYBOARD, path.stem.capitalize(), "Storyboard with 6 scenes"
            )
        case ".py":
            return ImportItem(
                path,
                ImportAction.MANIM,
                path.stem.capitalize(),
                "Manim file with 3 scenes",
                problem="Line 41: invalid syntax. It can be imported and corrected here.",
            )
        case ".mp4":
            return ImportItem(path, ImportAction.FOOTAGE, path.stem.capitalize(), "1280x720, 0:42")
        case _:
            return ImportItem(
                path,
                ImportAction.SKIP,
                path.name,
                "Not used",
                problem="Proofreel does not know this kind of file.",
                accepted=False,
            )


class FakeConsent:
    def __init__(self) -> None:
        self.questions: dict[str, ConsentQuestion] = {}
        self.given: list[ConsentQuestion] = []
        self.allowances: list[Allowance] = []

    async def needed(self, *video_ids: str) -> ConsentQuestion | None:
        asked = [self.questions[one] for one in video_ids if one in self.questions]
        videos = tuple(video for question in asked for video in question.videos)
        return ConsentQuestion(videos, asked[0].protection) if asked else None

    async def give(self, question: ConsentQuestion) -> None:
        self.given.append(question)
        for video in question.videos:
            del self.questions[video.video_id]

    async def allowed(self) -> tuple[Allowance, ...]:
        return tuple(self.allowances)

    async def withdraw(self, allowance: Allowance) -> None:
        self.allowances.remove(allowance)


class FakeEnvironment:
    def __init__(self) -> None:
        self.unprotected = False

    async def allow_unprotected(self) -> None:
        self.unprotected = True

    async def protection(self) -> Check:
        if self.unprotected:
            return Check("Isolation", CheckState.WARNING, "No sandbox, allowed by you")
        return Check("Isolation", CheckState.WARNING, "Limited process", "Install bubblewrap.")

    async def report(self) -> tuple[Check, ...]:
        return (
            Check("Manim", CheckState.OK, "0.22.0"),
            Check("LaTeX", CheckState.OK, "Not installed; formulas are set with Typst"),
            Check(
                "Render cache",
                CheckState.WARNING,
                "1.4 GB free",
                "Free some space before rendering finals.",
            ),
            Check(
                "Render process",
                CheckState.ERROR,
                "The render process did not start",
                "Run packaging/run again.",
            ),
        )


class FakeSamples:
    def __init__(self, library: FakeLibrary) -> None:
        self._library = library

    async def install(self) -> Project:
        if "samples" not in self._library.all_projects:
            self._library.all_projects["samples"] = project("Samples", "samples")
            await self._library.create_video(
                "samples", "Pythagoras", SourceKind.STORYBOARD, "## Proof"
            )
        return self._library.all_projects["samples"]


class FakeProduction:
    def __init__(self) -> None:
        self.cancelled: list[str] = []
        self.rendered: list[str] = []

    async def render(self, video_id: str, quality: Quality) -> None:
        self.rendered.append(video_id)

    def cancel(self, video_id: str) -> None:
        self.cancelled.append(video_id)


class FakeCrashes:
    def __init__(self) -> None:
        self.report: CrashReport | None = None

    def previous(self) -> CrashReport | None:
        return self.report

    def dismiss(self) -> None:
        self.report = None


class FakeServices(SimpleNamespace):
    """All services, with the parts typed for tests that look into them."""

    bus: EventBus
    library: FakeLibrary
    settings: FakeSettings
    secrets: SecretService
    importing: FakeImporting
    consent: FakeConsent
    environment: FakeEnvironment
    samples: FakeSamples
    production: FakeProduction
    crashes: FakeCrashes
    transfers: FakeTransfers

    @property
    def real(self) -> Services:
        """The same object, as windows see it."""
        return cast("Services", self)


def fake_services(folder: Path) -> FakeServices:
    bus = EventBus()
    library = FakeLibrary(bus)
    return FakeServices(
        bus=bus,
        library=library,
        settings=FakeSettings(folder, bus),
        secrets=SecretService(Keychain(folder / "secrets")),
        importing=FakeImporting(library),
        consent=FakeConsent(),
        environment=FakeEnvironment(),
        samples=FakeSamples(library),
        production=FakeProduction(),
        crashes=FakeCrashes(),
        transfers=FakeTransfers(bus),
    )
