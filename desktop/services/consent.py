"""Asking before code runs that was not written here, once for each code.

What was written in this library, or allowed before, is not asked about. A text stays the library's
own as long as every change to it is made here; one that was imported becomes its own when a person
allows its code. Files beside a text always come from elsewhere and are known by their content.
Isolation is what protects; this is so that nothing runs without somebody wanting it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.allowances import Allowance
from desktop.domain.errors import NotAllowed, NotFound, Problem
from desktop.services.authoring import AuthoringService
from desktop.services.evidence import CodeFile, exact
from desktop.services.library import now
from desktop.services.reading import Reading
from desktop.services.values import Check, SourceDocument
from desktop.storage import sources, videos
from desktop.storage.allowed import AllowedCode
from desktop.storage.database import Database


@dataclass(frozen=True, slots=True)
class CodeOfVideo:
    """The code of one video that nobody has allowed yet."""

    video_id: str
    title: str
    revision: int
    """Of the text that was looked at."""
    files: tuple[CodeFile, ...]
    scenes: tuple[str, ...]
    """Titles of the scenes it draws."""


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """What a person is asked to allow, with everything there is to know about it."""

    videos: tuple[CodeOfVideo, ...]
    protection: Check
    """What keeps the code from the rest of the computer."""

    @property
    def files(self) -> tuple[CodeFile, ...]:
        """The code of all videos; what several have in common comes once."""
        found = (file for video in self.videos for file in video.files)
        return tuple({file.digest: file for file in found}.values())

    @property
    def imports(self) -> tuple[str, ...]:
        """The modules all of it imports."""
        return tuple(sorted({name for file in self.files for name in file.imports}))

    @property
    def findings(self) -> tuple[Problem, ...]:
        """What screening says about all of it."""
        return tuple(finding for file in self.files for finding in file.findings)


class ConsentService:
    """Knows which code may run, and asks about the rest."""

    def __init__(
        self,
        database: Database,
        authoring: AuthoringService,
        allowed: AllowedCode,
        protection: Callable[[], Awaitable[Check]],
    ) -> None:
        self._database = database
        self._authoring = authoring
        self._allowed = allowed
        self._protection = protection
        self._origins: dict[str, Path] = {}
        """Files that videos were brought from since Proofreel was started."""

    async def needed(self, *video_ids: str) -> ConsentQuestion | None:
        """Return what has to be asked before the videos are rendered; None when nothing has.

        Several videos make one question.
        """
        asked = [await self._unknown(await self._authoring.open(one)) for one in video_ids]
        found = tuple(video for video in asked if video is not None)
        return ConsentQuestion(found, await self._protection()) if found else None

    async def give(self, question: ConsentQuestion) -> None:
        """Remember that a person allowed all that ``question`` names; later changes made here too.

        What changed since it was asked is not allowed by it.
        """
        digests = {one for file in question.files for one in (file.digest, file.exact)}
        said = tuple(self._said(question))
        await asyncio.to_thread(self._allowed.add, digests, said)
        for video in question.videos:
            await self._take_as_own(video.video_id, video.revision)

    def _said(self, question: ConsentQuestion) -> Iterator[Allowance]:
        """Yield what there is to remember about each piece of code that is being allowed."""
        moment = now()
        for video in question.videos:
            origin = self._origins.get(video.video_id)
            for file in video.files:
                brought = origin.with_name(file.name) if origin and file.name else origin
                yield Allowance(
                    file.digest,
                    file.exact,
                    video.title,
                    file.name,
                    str(brought.absolute()) if brought else "",
                    moment,
                    (video.video_id,),
                )

    async def allowed(self) -> tuple[Allowance, ...]:
        """Return what a person has allowed and not taken back, the newest first."""
        return await asyncio.to_thread(self._allowed.all)

    async def withdraw(self, allowance: Allowance) -> None:
        """Ask again before that code runs, also as it was changed here since it was allowed."""
        gone = {allowance.digest, allowance.exact}
        if not allowance.name:
            for video_id in allowance.videos:
                with contextlib.suppress(NotFound):  # of another library, or deleted
                    gone |= await self._disowned(video_id)
        await asyncio.to_thread(self._allowed.remove, gone)

    async def _disowned(self, video_id: str) -> set[str]:
        """Take the text of a video for one from elsewhere; return the hashes of its code.

        Those of its versions are among them: going back to one must not bring it back unasked.
        """
        evidence = await self._authoring.examine(await self._authoring.open(video_id))
        await self._database.write(lambda tx: sources.disown(tx, video_id))
        own = [file for file in evidence.files if not file.name]
        texts = await self._authoring.kept_texts(video_id)
        return {exact(text) for text in texts} | {
            one for file in own for one in (file.digest, file.exact)
        }

    async def check(self, document: SourceDocument, reading: Reading) -> None:
        """Raise NotAllowed when rendering a text, as it was read, runs what nobody allowed."""
        if not await self._is_known(document, reading):
            unknown = await self._unknown(document)
            if unknown is not None:
                raise _refusal(unknown)
            if not await self._all_known(reading.files_run):  # they changed since they were read
                raise NotAllowed(
                    "A file beside the text was changed just now", remedy="Render again."
                )
        if reading.runs_code:
            await self._allow([exact(document.text)])  # so that going back to it needs no asking

    async def runs_allowed(self, document: SourceDocument, reading: Reading) -> bool:
        """Tell whether rendering a text runs code from elsewhere that a person has allowed."""
        return any(
            document.video_id in one.videos
            and (bool(reading.files_run) if one.name else reading.runs_code)
            for one in await self.allowed()
        )

    async def accept_known(self, video_id: str, origin: Path | None = None) -> bool:
        """Take a text that has just come in for the library's own if it brings nothing new.

        ``origin`` is the file it was brought from.
        """
        if origin is not None:
            self._origins[video_id] = origin
        return await self._unknown(await self._authoring.open(video_id)) is None

    async def ran_here(self, text: str) -> bool:
        """Tell whether exactly this text was rendered here, or allowed to be."""
        return bool(await self._known([exact(text)]))

    async def _is_known(self, document: SourceDocument, reading: Reading) -> bool:
        """Tell quickly, without looking into any code, whether it may run."""
        if reading.runs_code and not document.own:
            return False
        return await self._all_known(reading.files_run)

    async def _unknown(self, document: SourceDocument) -> CodeOfVideo | None:
        """Return the code of a text that nobody allowed; None, and note it, when all may run."""
        evidence = await self._authoring.examine(document)
        known = await self._known(
            [one for file in evidence.files for one in (file.digest, file.exact)]
        )
        files = tuple(
            file for file in evidence.files if not _is_allowed(file, known, own=document.own)
        )
        if files:
            title = await self._title(document.video_id)
            return CodeOfVideo(document.video_id, title, document.revision, files, evidence.scenes)
        await self._allow([file.exact for file in evidence.files if file.name])
        await asyncio.to_thread(self._allowed.found_again, known, document.video_id)
        if not document.own:
            await self._take_as_own(document.video_id, document.revision)
        return None

    async def _title(self, video_id: str) -> str:
        return (await self._database.read(lambda tx: videos.get(tx, video_id))).title

    async def _take_as_own(self, video_id: str, revision: int) -> None:
        await self._database.write(lambda tx: sources.take_as_own(tx, video_id, revision))

    async def _all_known(self, digests: Sequence[str]) -> bool:
        return set(digests) <= await self._known(digests)

    async def _known(self, digests: Sequence[str]) -> frozenset[str]:
        if not digests:
            return frozenset()
        return await asyncio.to_thread(self._allowed.known, digests)

    async def _allow(self, digests: Iterable[str]) -> None:
        wanted = set(digests)
        if wanted - await self._known(tuple(wanted)):
            await asyncio.to_thread(self._allowed.add, wanted)


def _is_allowed(file: CodeFile, known: frozenset[str], *, own: bool) -> bool:
    return file.shipped or bool({file.digest, file.exact} & known) or (own and not file.name)


def _refusal(unknown: CodeOfVideo) -> NotAllowed:
    names = [file.name or "its own text" for file in unknown.files]
    return NotAllowed(
        f"The code of “{unknown.title}” has not been allowed to run",
        f"It came from elsewhere, and nobody has looked at it yet: {', '.join(names)}.",
        "Look at the code, then allow it.",
    )
