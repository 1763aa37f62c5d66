"""What objects are called in a bucket: one scheme for all that Proofreel makes.

Every scene of every version has a key of its own; none overwrites another. Scene 0 is the joined
video.
"""

LONGEST_KEY = 1024
"""Bytes of UTF-8 that services accept."""

JOINED = 0
"""Scene number of the joined video."""


def video_key(project_id: str, video_id: str, version: int, scene: int = JOINED) -> str:
    """Return the key of a rendered video file."""
    return f"videos/{project_id}/{video_id}/chunk_{scene:03d}_v{version}.mp4"


def code_key(project_id: str, video_id: str, version: int, scene: int | None = None) -> str:
    """Return the key of the code of a version: of one scene, or of the whole module."""
    part = "" if scene is None else f"_scene_{scene:03d}"
    return f"code/{project_id}/{video_id}/{video_id}_v{version}{part}.py"


def key_problem(key: str) -> str:
    """Return why nothing can be stored under ``key``, as a sentence; empty when it can."""
    if not key or key.endswith("/"):
        return "A name at the destination must end with the name of a file."
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return "Its name is not valid text."
    if size > LONGEST_KEY:
        return f"Its name at the destination would be {size:,} bytes long; 1,024 are allowed."
    if any(part in {".", ".."} for part in key.split("/")):
        return "A name at the destination cannot have “.” or “..” as a folder."
    if any(ord(letter) < 32 for letter in key):
        return "Its name has a control character, such as a line break."
    return ""
