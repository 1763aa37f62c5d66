"""Values to put into a library; each takes what a test cares about and makes up the rest."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

from desktop.domain.library import Project, SceneTake, SourceKind, Version, Video
from desktop.domain.picture import Quality
from desktop.storage.manifest import Manifest

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

_numbers = count(1)


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def a_project(identity: str = "p1", **given: Any) -> Project:
    made_up: dict[str, Any] = {"title": "Course", "created_at": START, "updated_at": START}
    return Project(**made_up | given, id=identity)


def a_video(identity: str = "v1", **given: Any) -> Video:
    made_up: dict[str, Any] = {
        "project_id": "p1",
        "title": f"Video {identity}",
        "kind": SourceKind.STORYBOARD,
        "created_at": START,
        "updated_at": START,
    }
    return Video(**made_up | given, id=identity)


def a_take(scene_id: str = "s1", **given: Any) -> SceneTake:
    made_up: dict[str, Any] = {
        "title": f"Scene {scene_id}",
        "class_name": "Idea",
        "render_key": f"key-{scene_id}",
        "code_sha256": f"code-{scene_id}",
        "first_frame": 0,
        "frames": 60,
    }
    return SceneTake(**made_up | given, scene_id=scene_id)


def a_version(number: int = 1, video_id: str = "v1", **given: Any) -> Version:
    made_up: dict[str, Any] = {
        "id": f"version-{next(_numbers)}",
        "created_at": later(number),
        "quality": Quality.DRAFT,
        "width": 854,
        "height": 480,
        "rate": Fraction(30),
        "frames": 60,
        "size": 1234,
        "sha256": "0" * 64,
        "scenes": (a_take(),),
    }
    return Version(**made_up | given, video_id=video_id, number=number)


def a_manifest(number: int = 1, video_id: str = "v1", **given: Any) -> Manifest:
    return Manifest(a_project(), a_video(video_id), a_version(number, video_id, **given))
