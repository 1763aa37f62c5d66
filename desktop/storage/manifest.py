"""``manifest.json``: everything needed to put a version folder back into an empty database."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop.domain.errors import InvalidInput, Refused
from desktop.domain.library import Project, SceneTake, SourceKind, Version, Video, VideoStatus
from desktop.domain.picture import Aspect, Quality

FORMAT = "proofreel-version"
SCHEMA = 1

_UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError, RecursionError)
"""What texts that nobody of ours wrote make the decoder raise."""

_LARGEST = 2**63 - 1
"""The largest number a column holds."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A version, and its video and project as they were when it was made."""

    project: Project
    video: Video
    version: Version


def encode(manifest: Manifest) -> str:
    """Return the JSON text of a manifest."""
    project, video, version = manifest.project, manifest.video, manifest.version
    document = {
        "format": FORMAT,
        "schema": SCHEMA,
        "project": {
            "id": project.id,
            "title": project.title,
            "description": project.description,
            "created_at": project.created_at.isoformat(),
        },
        "video": {
            "id": video.id,
            "title": video.title,
            "kind": video.kind.value,
            "description": video.description,
            "tags": list(video.tags),
            "aspect": video.aspect.value,
            "created_at": video.created_at.isoformat(),
        },
        "version": _version_document(version),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def decode(text: str, origin: Path) -> Manifest:
    """Return the manifest in ``text``, which came from ``origin``.

    Raises ``Refused`` when a newer Proofreel wrote it and ``InvalidInput`` when it is damaged.
    """
    try:
        document = json.loads(text)
        kind, schema = document["format"], int(document["schema"])
    except _UNREADABLE as error:
        raise _damaged(origin, error) from error
    if kind != FORMAT:
        raise _damaged(origin, ValueError("not a version manifest"))
    if schema > SCHEMA:
        raise Refused(
            "This version was made by a newer Proofreel",
            f"{origin} has format {schema}; this Proofreel knows formats up to {SCHEMA}.",
            "Update Proofreel to open it.",
        )
    try:
        return _manifest(document)
    except _UNREADABLE as error:
        raise _damaged(origin, error) from error


def _damaged(origin: Path, error: Exception) -> InvalidInput:
    return InvalidInput(
        "A version folder cannot be read",
        f"{origin} is damaged ({error!r}).",
        "Restore the folder from a backup, or render the video again.",
    )


def _version_document(version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "number": version.number,
        "created_at": version.created_at.isoformat(),
        "quality": version.quality.value,
        "width": version.width,
        "height": version.height,
        "rate": str(version.rate),
        "frames": version.frames,
        "size": version.size,
        "sha256": version.sha256,
        "note": version.note,
        "isolation": version.isolation,
        "restored_from": version.restored_from,
        "allowed_code": version.allowed_code,
        "scenes": [
            {
                "scene_id": take.scene_id,
                "title": take.title,
                "class_name": take.class_name,
                "render_key": take.render_key,
                "code_sha256": take.code_sha256,
                "first_frame": take.first_frame,
                "frames": take.frames,
                "simplified": take.simplified,
            }
            for take in version.scenes
        ],
    }


def _manifest(document: dict[str, Any]) -> Manifest:
    version = _version(document["version"], _text(document["video"], "id"))
    project = _project(document["project"], version.created_at)
    return Manifest(project, _video(document["video"], project.id, version), version)


def _project(document: dict[str, Any], updated_at: datetime) -> Project:
    return Project(
        id=_text(document, "id"),
        title=_text(document, "title"),
        description=_text(document, "description"),
        created_at=_moment(document),
        updated_at=updated_at,
    )


def _video(document: dict[str, Any], project_id: str, version: Version) -> Video:
    return Video(
        id=_text(document, "id"),
        project_id=project_id,
        title=_text(document, "title"),
        kind=SourceKind(document["kind"]),
        created_at=_moment(document),
        updated_at=version.created_at,
        description=_text(document, "description"),
        tags=tuple(_stored(tag, "tag") for tag in document["tags"]),
        aspect=Aspect(document["aspect"]),
        status=VideoStatus.RENDERED,
        latest_version=version.number,
        scene_count=len(version.scenes),
        duration=version.seconds,
    )


def _version(document: dict[str, Any], video_id: str) -> Version:
    restored_from = document["restored_from"]
    return Version(
        id=_text(document, "id"),
        video_id=video_id,
        number=_count(document["number"]),
        created_at=_moment(document),
        quality=Quality(document["quality"]),
        width=_count(document["width"]),
        height=_count(document["height"]),
        rate=_rate(document["rate"]),
        frames=_count(document["frames"]),
        size=_count(document["size"]),
        sha256=_text(document, "sha256"),
        note=_text(document, "note"),
        isolation=_text(document, "isolation"),
        restored_from=None if restored_from is None else _count(restored_from),
        allowed_code=bool(document.get("allowed_code")),  # older ones do not say
        scenes=tuple(_take(scene) for scene in document["scenes"]),
    )


def _take(document: dict[str, Any]) -> SceneTake:
    return SceneTake(
        scene_id=_text(document, "scene_id"),
        title=_text(document, "title"),
        class_name=_text(document, "class_name"),
        render_key=_text(document, "render_key"),
        code_sha256=_text(document, "code_sha256"),
        first_frame=_count(document["first_frame"]),
        frames=_count(document["frames"]),
        simplified=bool(document["simplified"]),
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document[name]
    return _stored(value, name)


def _stored(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    value.encode()  # a lone half of a character pair cannot be stored
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise ValueError(f"{value!r} is not a number of things")
    return value


def _rate(value: object) -> Fraction:
    text = str(value)
    if not re.fullmatch(r"[0-9]{1,12}(/[0-9]{1,12})?", text):
        raise ValueError("rate is not a fraction")
    rate = Fraction(text)
    if rate <= 0:
        raise ValueError("rate is not positive")
    return rate


def _moment(document: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(_text(document, "created_at"))
    if moment.tzinfo is None:
        raise ValueError("created_at has no time zone")
    return moment
