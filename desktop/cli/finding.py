"""Which video a word on the command line means."""

from typing import TYPE_CHECKING

from desktop.domain.errors import InvalidInput, NotFound
from desktop.domain.library import SearchQuery, Video

if TYPE_CHECKING:
    from desktop.services.services import Services

SHOWN = 5
"""How many videos an ambiguous word names in its error."""

PAGE = 500


async def find_video(services: "Services", word: str) -> Video:
    """Return the video with this id or title; the beginning of a title is enough when unique.

    Raises NotFound when there is none, InvalidInput when there are several.
    """
    videos = await all_videos(services)
    wanted = word.casefold()
    for match in (
        [video for video in videos if video.id == word.upper()],
        [video for video in videos if video.title.casefold() == wanted],
        [video for video in videos if video.title.casefold().startswith(wanted)],
    ):
        if len(match) == 1:
            return match[0]
        if match:
            names = "; ".join(f"{video.title} ({video.id})" for video in match[:SHOWN])
            raise InvalidInput(
                f"“{word}” may be {len(match)} videos", names, "Give the id in brackets."
            )
    raise NotFound(f"There is no video “{word}”", remedy="proofreel list shows what there is.")


async def all_videos(services: "Services", project_id: str | None = None) -> list[Video]:
    """Return every video, the one changed last first."""
    videos: list[Video] = []
    while True:
        page = await services.library.search(
            SearchQuery(project_id=project_id, limit=PAGE, offset=len(videos))
        )
        videos.extend(page.videos)
        if not page.videos or len(videos) >= page.total:
            return videos
