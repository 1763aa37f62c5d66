"""What differs between two versions of a video, scene by scene and line by line."""

import bisect
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.library import SceneTake


class ChangeKind(StrEnum):
    """What happened to a scene."""

    SAME = "same"
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class SceneChange:
    """One scene's fate between two versions."""

    scene_id: str
    title: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs from one version to another."""

    scenes: tuple[SceneChange, ...]
    """In the order of the newer version; removed scenes last."""
    source_diff: str
    """Unified difference of the source texts; empty when they are equal."""


def compare_scenes(
    older: Sequence[SceneTake], newer: Sequence[SceneTake]
) -> tuple[SceneChange, ...]:
    """Classify every scene of both versions; an edit outweighs a move.

    Drafts and finals of the same code count as the same scene: the code decides, not the pixels.
    """
    before = {take.scene_id: take for take in older}
    after = {take.scene_id for take in newer}
    stayed = _in_order([take.scene_id for take in older], [take.scene_id for take in newer])
    changes = []
    for take in newer:
        old = before.get(take.scene_id)
        if old is None:
            kind = ChangeKind.ADDED
        elif old.code_sha256 != take.code_sha256:
            kind = ChangeKind.EDITED
        else:
            kind = ChangeKind.SAME if take.scene_id in stayed else ChangeKind.MOVED
        changes.append(SceneChange(take.scene_id, take.title, kind))
    removed = (take for take in older if take.scene_id not in after)
    changes.extend(SceneChange(take.scene_id, take.title, ChangeKind.REMOVED) for take in removed)
    return tuple(changes)


def _in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return as many as possible of the ids whose order is the same in both: the rest moved.

    The longest increasing run of old places, by patience sorting.
    """
    place = {identity: index for index, identity in enumerate(before)}
    ends: list[int] = []
    last: list[str] = []
    previous: dict[str, str | None] = {}
    for identity in after:
        if identity not in place:
            continue
        at = bisect.bisect_left(ends, place[identity])
        ends[at : at + 1] = [place[identity]]
        last[at : at + 1] = [identity]
        previous[identity] = last[at - 1] if at else None
    kept: set[str] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = previous[step]
    return kept


def text_difference(older: str, newer: str, *, old_name: str, new_name: str) -> str:
    """Return the unified difference of two texts; empty when they are equal."""
    lines = difflib.unified_diff(
        older.split("\n"), newer.split("\n"), old_name, new_name, lineterm="", n=3
    )
    return "\n".join(lines)
