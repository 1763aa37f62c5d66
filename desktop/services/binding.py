"""Binding finished scenes into an immutable version: join, stills, captions, manifest, record.

What decodes and encodes is imported where it is used: loading it takes 0.1 s, which no window has
to wait for before it opens.
"""

import asyncio
import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ulid import ULID

from desktop.domain.errors import Conflict
from desktop.domain.library import Project, SceneTake, Version, Video
from desktop.domain.picture import Quality
from desktop.rendering import captions
from desktop.rendering.isolation.strength import weakest
from desktop.rendering.jobs import Take
from desktop.services.library import now
from desktop.storage import projects, versions, videos
from desktop.storage.database import Database
from desktop.storage.manifest import Manifest
from desktop.storage.shelf import Shelf
from desktop.storage.transaction import Transaction

if TYPE_CHECKING:
    from desktop.rendering.join import JoinedVideo

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a version number taken by another process is replaced by the next."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every version is made from besides its files."""

    project: Project
    video: Video
    number: int


@dataclass(frozen=True, slots=True)
class Material:
    """What a version is made of."""

    text: str
    """The editor's text."""
    module: str
    """The whole of it as one Manim module."""
    scenes: tuple[SceneTake, ...]
    takes: tuple[Take, ...]
    """The rendered scenes, in the order of ``scenes``."""
    quality: Quality
    note: str
    allowed_code: bool = False
    """Whether code from elsewhere, which a person allowed, was run for it."""


class Binder:
    """Makes version folders and their records; half-made ones never become visible."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf

    async def bind(self, video_id: str, material: Material) -> Version:
        """Join the takes of ``material`` into the next version of a video.

        Raises Unavailable when the disk is full or read-only; the library is then as before.
        """
        facts = await self._facts(video_id)
        draft = await asyncio.to_thread(self._shelf.begin)
        try:
            version = await asyncio.to_thread(_assemble, draft, facts, material)
            return await self._publish(draft, facts, version)
        finally:
            await asyncio.to_thread(self._shelf.discard, draft)

    async def bind_footage(self, video_id: str, footage: Path, version: Version) -> Version:
        """Make a finished video file version 1; ``version`` describes the file."""
        facts = await self._facts(video_id)
        draft = await asyncio.to_thread(self._shelf.begin)
        try:
            await asyncio.to_thread(_adopt_footage, draft, footage)
            return await self._publish(draft, facts, replace(version, number=facts.number))
        finally:
            await asyncio.to_thread(self._shelf.discard, draft)

    async def adopt_unsettled(self) -> int:
        """Record versions that a crashed process published; return how many there were."""
        found = await asyncio.to_thread(self._shelf.unsettled)
        for manifest in found:
            await self._record(manifest)
        return len(found)

    async def _facts(self, video_id: str) -> _Facts:
        def read(tx: Transaction) -> _Facts:
            video = videos.get(tx, video_id)
            number = versions.next_number(tx, video_id)
            return _Facts(projects.get(tx, video.project_id), video, number)

        facts = await self._database.read(read)
        number = max(facts.number, await asyncio.to_thread(self._shelf.next_number, video_id))
        return replace(facts, number=number)

    async def _publish(self, draft: Path, facts: _Facts, version: Version) -> Version:
        for attempt in range(ATTEMPTS):
            numbered = replace(version, number=facts.number + attempt)
            manifest = Manifest(facts.project, facts.video, numbered)
            try:
                await asyncio.to_thread(self._shelf.publish, draft, manifest)
            except Conflict:
                continue
            await self._record(manifest)
            return numbered
        raise Conflict(
            "The version could not be numbered",
            "Other processes keep adding versions to this video.",
            "Wait until they have finished and render again.",
        )

    async def _record(self, manifest: Manifest) -> None:
        version = manifest.version
        await self._database.write(lambda tx: versions.insert(tx, version))
        await asyncio.to_thread(self._shelf.settle, version.video_id, version.number)


def _assemble(draft: Path, facts: _Facts, material: Material) -> Version:
    """Write every file of the version into ``draft`` and return its description."""
    from desktop.rendering import stills  # noqa: PLC0415 - see above
    from desktop.rendering.join import join  # noqa: PLC0415 - see above

    takes = material.takes
    joined = join(takes, draft / "video.mp4")
    starts = [float(first / joined.rate) for first in joined.first_frames]
    timed = [(start, take.cues) for start, take in zip(starts, takes, strict=True)]
    (draft / "captions.vtt").write_text(captions.webvtt(timed), "utf-8")
    (draft / f"source{facts.video.kind.suffix}").write_text(material.text, "utf-8")
    (draft / "module.py").write_text(material.module, "utf-8")
    shutil.copyfile(takes[0].poster, draft / "poster.jpg")
    stills.sprite(draft / "video.mp4", draft / "sprite.jpg", draft / "sprite.json")
    return _described(facts, material, joined)


def _described(facts: _Facts, material: Material, joined: "JoinedVideo") -> Version:
    takes = material.takes
    placed = tuple(
        replace(scene, first_frame=first)
        for scene, first in zip(material.scenes, joined.first_frames, strict=True)
    )
    return Version(
        id=str(ULID()),
        video_id=facts.video.id,
        number=facts.number,
        created_at=now(),
        quality=material.quality,
        width=joined.width,
        height=joined.height,
        rate=joined.rate,
        frames=joined.frames,
        size=joined.size,
        sha256=joined.sha256,
        note=material.note,
        scenes=placed,
        isolation=weakest(take.isolation for take in takes),
        allowed_code=material.allowed_code,
    )


def _adopt_footage(draft: Path, footage: Path) -> None:
    from desktop.rendering import stills  # noqa: PLC0415 - see above

    suffix = footage.suffix.lower() or ".mp4"
    copy = draft / f"video{suffix}"
    shutil.copyfile(footage, copy)
    stills.poster(copy, draft / "poster.jpg")
    stills.sprite(copy, draft / "sprite.jpg", draft / "sprite.json")
