"""The versions of a video: looking at them, comparing them, going back to one."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.changes import Changes, compare_scenes, text_difference
from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.events import EventBus, SourceSaved
from desktop.domain.library import SceneTake, SourceKind, Version, VersionFiles
from desktop.domain.lines import line_count, with_lines
from desktop.services.authoring import AuthoringService
from desktop.services.consent import ConsentService
from desktop.services.library import now
from desktop.services.reading import scene_takes
from desktop.services.undo import Undo
from desktop.services.values import SourceDocument
from desktop.storage import sources, versions
from desktop.storage.database import Database
from desktop.storage.shelf import Shelf


class VersionService:
    """What was made so far; versions never change, going back makes the old text current."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        authoring: AuthoringService,
        consent: ConsentService,
        bus: EventBus,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._authoring = authoring
        self._consent = consent
        self._bus = bus

    async def list(self, video_id: str) -> tuple[Version, ...]:
        """Return all versions of a video, newest first."""
        return await self._database.read(lambda tx: versions.listed(tx, video_id))

    def files(self, video_id: str, number: int) -> VersionFiles:
        """Return where the files of a version are."""
        return self._shelf.files(video_id, number)

    async def source(self, video_id: str, number: int) -> str:
        """Return the text a version was made from; raises NotFound when its file is gone."""
        path = self._shelf.files(video_id, number).source
        if not path:
            raise NotFound(
                f"Version {number} has no text",
                "Its folder holds no source file.",
                "Imported videos have none; otherwise restore the folder from a backup.",
            )
        return await asyncio.to_thread(Path(path).read_text, encoding="utf-8")

    async def changes(self, video_id: str, older: int, newer: int | None) -> Changes:
        """Return what differs from version ``older`` to ``newer``; None is the working text."""
        before = await self._database.read(lambda tx: versions.get(tx, video_id, older))
        text, scenes = await self._state(video_id, newer)
        difference = text_difference(
            await self._text_or_nothing(video_id, older),
            text,
            old_name=f"version {older}",
            new_name="now" if newer is None else f"version {newer}",
        )
        return Changes(compare_scenes(before.scenes, scenes), difference)

    async def _state(self, video_id: str, number: int | None) -> tuple[str, Sequence[SceneTake]]:
        """Return text and scenes of a version, or those of the working text."""
        if number is not None:
            version = await self._database.read(lambda tx: versions.get(tx, video_id, number))
            return await self._text_or_nothing(video_id, number), version.scenes
        document = await self._authoring.open(video_id)
        reading, ids, _ = await self._authoring.read(video_id, document.text)
        return document.text, scene_takes(ids, reading)

    async def restore(self, video_id: str, number: int) -> Undo:
        """Make the text of a version the working text again.

        Its scenes are in the store as long as it is not full, so rendering it takes no time.
        """
        text = await self.source(video_id, number)
        own = await self._consent.ran_here(text)
        return await self._replace(video_id, text, f"Restored version {number}", own=own)

    async def restore_scene(self, video_id: str, number: int, scene_id: str) -> Undo:
        """Put one scene of a version back into the working text, in place of its present form.

        A scene that is no longer in the text is added at the end. Raises NotFound when the
        version does not have it, InvalidInput when a Manim file has lost the class altogether.
        """
        old_text = await self.source(video_id, number)
        old_reading, old_ids, _ = await self._authoring.read(video_id, old_text)
        version = await self._database.read(lambda tx: versions.get(tx, video_id, number))
        position = next(
            (at for at, take in enumerate(version.scenes) if take.scene_id == scene_id), None
        )
        if position is None or position >= len(old_ids):
            raise NotFound(f"Version {number} does not have this scene")
        scene = old_reading.scenes[position].scene
        document = await self._authoring.open(video_id)
        reading, ids, _ = await self._authoring.read(video_id, document.text)
        places = {identity: seen.scene for identity, seen in zip(ids, reading.scenes, strict=True)}
        if scene_id in places:
            span = (places[scene_id].line, places[scene_id].end_line)
        elif document.kind is SourceKind.MANIM:
            raise InvalidInput(
                f"“{scene.title}” is no longer in the file",
                "A class that was deleted cannot be put back without the code around it.",
                f"Restore the whole of version {number} instead.",
            )
        else:
            last = line_count(document.text)
            span = (last + 1, last)
        text = with_lines(document.text, span, scene.text)
        own = await self._consent.ran_here(old_text)
        return await self._replace(
            video_id, text, f"Restored “{scene.title}” from version {number}", own=own
        )

    async def _replace(self, video_id: str, text: str, label: str, *, own: bool) -> Undo:
        before = await self._save_over(video_id, text, own=own)

        async def revert() -> None:
            await self._save_over(video_id, before.text, own=before.own)

        return Undo(label, revert)

    async def _save_over(self, video_id: str, text: str, *, own: bool) -> SourceDocument:
        """Save ``text`` over whatever is there now; return what that was.

        A text that is not ``own`` becomes so if it brings no code that is new here.
        """
        document = await self._authoring.open(video_id)
        revision = await self._database.write(
            lambda tx: sources.save(tx, video_id, text, document.revision, now(), own=own)
        )
        await self._consent.accept_known(video_id)
        self._bus.publish(SourceSaved(video_id, revision))
        return document

    async def _text_or_nothing(self, video_id: str, number: int) -> str:
        try:
            return await self.source(video_id, number)
        except NotFound:
            return ""
