"""What is sent of a version: its film, and beside it its code, each under a key of its own."""

from dataclasses import replace

from ulid import ULID

from desktop.domain.errors import NotFound
from desktop.domain.library import Video
from desktop.domain.object_keys import code_key, video_key
from desktop.domain.transfers import UploadRequest
from desktop.services.library import LibraryService


async def parcel(
    library: LibraryService, video_id: str, number: int, usual: UploadRequest
) -> tuple[UploadRequest, ...]:
    """Return the uploads of a version as one batch; how they are sent is as ``usual`` says.

    Raises NotFound for a version whose film is gone.
    """
    video = await library.video(video_id)
    files = library.files(video_id, number)
    if not files.video:
        raise NotFound(
            f"Version {number} has no film",
            "Its file is not where it was made.",
            "Render the video again.",
        )
    film = replace(
        usual,
        path=files.video,
        key=video_key(video.project_id, video_id, number),
        content_type="video/mp4",
        metadata=_told(video, number),
        batch=str(ULID()),
    )
    code = replace(
        film,
        path=files.module,
        key=code_key(video.project_id, video_id, number),
        compress=True,
        content_type="text/x-python",
    )
    return (film, code) if files.module else (film,)


def _told(video: Video, number: int) -> tuple[tuple[str, str], ...]:
    return ("project-id", video.project_id), ("video-id", video.id), ("version", str(number))
