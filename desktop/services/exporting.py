"""Taking results out: a video file, a GIF, stills, or a project that plain Manim renders."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.domain.errors import InvalidInput, NotFound, Unavailable
from desktop.domain.library import SourceKind, Version, VersionFiles
from desktop.domain.picture import Aspect, Quality
from desktop.rendering.keys import kit_folder
from desktop.services.authoring import AuthoringService
from desktop.services.library import LibraryService
from desktop.services.reading import profile
from desktop.services.settings import SettingsService
from desktop.services.versions import VersionService

KIT = "proofreel_kit"


class ExportService:
    """Writes copies; nothing in the library changes."""

    def __init__(
        self,
        library: LibraryService,
        authoring: AuthoringService,
        versions: VersionService,
        settings: SettingsService,
    ) -> None:
        self._library = library
        self._authoring = authoring
        self._versions = versions
        self._settings = settings

    async def mp4(self, video_id: str, target: Path, number: int | None = None) -> Path:
        """Copy the video file of a version, by default the newest, to ``target``."""
        files = await self._files(video_id, number)
        await _write(target, lambda part: shutil.copyfile(files.video, part))
        return target

    async def gif(
        self,
        video_id: str,
        target: Path,
        *,
        number: int | None = None,
        width: int = 640,
        fps: int = 15,
    ) -> Path:
        """Write a version as a GIF, ``width`` pixels wide; takes seconds."""
        files = await self._files(video_id, number)
        await _write(target, lambda part: _write_gif(Path(files.video), part, width=width, fps=fps))
        return target

    async def stills(
        self, video_id: str, folder: Path, frames: Sequence[int], number: int | None = None
    ) -> Path:
        """Write PNG stills of the given 0-based frames into ``folder``."""
        files = await self._files(video_id, number)
        await _made(folder)
        for frame in frames:
            await _write(
                folder / f"frame-{frame:06d}.png",
                lambda part, frame=frame: _write_still(Path(files.video), frame, part),  # type: ignore[misc]  # bound now
            )
        return folder

    async def scene_stills(self, video_id: str, folder: Path, number: int | None = None) -> Path:
        """Write one PNG still from the last third of every scene of a version."""
        version = await self._version(video_id, number)
        frames = [take.first_frame + take.frames * 2 // 3 for take in version.scenes]
        return await self.stills(video_id, folder, frames or [0], version.number)

    async def folder(self, video_id: str, target: Path, number: int | None = None) -> Path:
        """Write a project folder that plain ``manim render`` accepts, without Proofreel.

        It holds the module, the kit as source, the source text, assets and ``manim.cfg``. Without
        ``number`` the working text is taken. Raises Unavailable when the folder has files already.
        """
        video = await self._library.video(video_id)
        if video.kind is SourceKind.FOOTAGE:
            raise InvalidInput(
                "An imported video has no Manim code", remedy="Export it as mp4 or gif."
            )
        if number is None:
            text = (await self._authoring.open(video_id)).text
        else:
            text = await self._versions.source(video_id, number)
        reading, _ids, _newest = await self._authoring.read(video_id, text)
        aspect = reading.source.aspect
        content = {
            f"source{video.kind.suffix}": text,
            "manim.cfg": self._manim_configuration(aspect),
            "video.py": reading.source.module,
        }
        if video.kind is SourceKind.MANIM:
            del content["source.py"]
        assets = self._authoring.assets(video_id)
        await asyncio.to_thread(_write_folder, target, content, assets)
        return target

    def _manim_configuration(self, aspect: Aspect) -> str:
        final = profile(self._settings.current.rendering, aspect, Quality.FINAL)
        lines = (
            "[CLI]",
            f"pixel_width = {final.width}",
            f"pixel_height = {final.height}",
            f"frame_rate = {final.fps}",
        )
        return "\n".join(lines) + "\n"

    async def _version(self, video_id: str, number: int | None) -> Version:
        found = await self._versions.list(video_id)
        for version in found:
            if number in {None, version.number}:
                return version
        raise NotFound(
            "There is no such version" if number else "Nothing was rendered yet",
            remedy="Render the video first.",
        )

    async def _files(self, video_id: str, number: int | None) -> VersionFiles:
        version = await self._version(video_id, number)
        files = self._versions.files(video_id, version.number)
        if not files.video:
            raise NotFound(
                f"The file of version {version.number} is gone",
                "Its folder was moved or deleted.",
                "Restore it from a backup, or render again.",
            )
        return files


def _write_gif(film: Path, part: Path, *, width: int, fps: int) -> None:
    from desktop.rendering.gif import write_gif  # noqa: PLC0415 - the decoder loads in 0.1 s

    write_gif(film, part, width=width, fps=fps)


def _write_still(film: Path, frame: int, part: Path) -> None:
    from desktop.rendering.stills import still  # noqa: PLC0415 - likewise

    still(film, frame, part)


async def _made(folder: Path) -> None:
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


async def _write(target: Path, make: Callable[[Path], object]) -> None:
    """Let ``make`` write a file beside ``target``, then put it in place whole."""
    await _made(target.parent)
    part = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        await asyncio.to_thread(make, part)
        await asyncio.to_thread(part.replace, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)


def _write_folder(target: Path, content: dict[str, str], assets: Path) -> None:
    if target.exists() and any(target.iterdir()):
        raise Unavailable(
            f"{target} is not empty", "Nothing was written.", "Choose a new or empty folder."
        )
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        shutil.copytree(assets, part, dirs_exist_ok=True)
        for name, text in content.items():
            (part / name).write_text(text, "utf-8")
        if KIT in content["video.py"]:
            shutil.copytree(
                kit_folder() / KIT, part / KIT, ignore=shutil.ignore_patterns("__pycache__")
            )
        if target.exists():
            target.rmdir()
        part.rename(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{target.name} could not be written",
        f"{target}: {error.strerror or error}.",
        "Choose another place, or free some space.",
    )
