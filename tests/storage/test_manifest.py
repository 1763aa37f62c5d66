"""A manifest gives back exactly what was written, and nothing else is taken for one."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput, Refused
from desktop.domain.library import Project, SceneTake, SourceKind, Version, Video, VideoStatus
from desktop.domain.picture import Aspect, Quality
from desktop.storage import manifest, rows
from desktop.storage.manifest import Manifest
from tests.storage.builders import a_manifest

ORIGIN = Path("videos/v1/versions/000001/manifest.json")

texts = st.text(max_size=20)
counts = st.integers(0, 2**63 - 1)
moments = st.integers(0, 7 * 10**15).map(rows.moment)
takes = st.builds(
    SceneTake, texts, texts, texts, texts, texts, counts, counts, simplified=st.booleans()
)
rates = st.fractions(Fraction(1, 100), 1000, max_denominator=1001)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    created_at = draw(moments)
    version = Version(
        id=draw(texts),
        video_id=draw(texts),
        number=draw(counts),
        created_at=created_at,
        quality=draw(st.sampled_from(Quality)),
        width=draw(counts),
        height=draw(counts),
        rate=draw(rates),
        frames=draw(counts),
        size=draw(counts),
        sha256=draw(texts),
        note=draw(texts),
        scenes=tuple(draw(st.lists(takes, max_size=3))),
        isolation=draw(texts),
        restored_from=draw(st.none() | counts),
        allowed_code=draw(st.booleans()),
    )
    project = Project(draw(texts), draw(texts), draw(moments), created_at, draw(texts))
    video = Video(
        version.video_id,
        project.id,
        draw(texts),
        draw(st.sampled_from(SourceKind)),
        draw(moments),
        created_at,
        description=draw(texts),
        tags=tuple(draw(st.lists(texts, max_size=3))),
        aspect=draw(st.sampled_from(Aspect)),
        status=VideoStatus.RENDERED,
        latest_version=version.number,
        scene_count=len(version.scenes),
        duration=version.seconds,
    )
    return Manifest(project, video, version)


@given(manifests())
def test_a_manifest_comes_back_as_it_was_written(written: Manifest) -> None:
    assert manifest.decode(manifest.encode(written), ORIGIN) == written


def test_a_moment_keeps_its_meaning_in_any_time_zone() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    written = a_manifest(created_at=datetime(2026, 3, 1, 12, tzinfo=zone))
    read = manifest.decode(manifest.encode(written), ORIGIN)
    assert read.version.created_at == written.version.created_at


def test_a_version_of_a_newer_program_is_refused() -> None:
    document = json.loads(manifest.encode(a_manifest())) | {"schema": manifest.SCHEMA + 1}
    with pytest.raises(Refused) as caught:
        manifest.decode(json.dumps(document), ORIGIN)
    assert "Update" in caught.value.remedy


def test_a_manifest_cut_off_anywhere_is_damaged() -> None:
    whole = manifest.encode(a_manifest()).rstrip()
    for length in range(len(whole)):
        with pytest.raises(InvalidInput):
            manifest.decode(whole[:length], ORIGIN)


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_what_is_no_manifest_is_damaged(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        manifest.decode(text, ORIGIN)
    assert str(ORIGIN) in caught.value.detail
    assert caught.value.remedy


def test_very_deep_nesting_is_damaged() -> None:
    with pytest.raises(InvalidInput):
        manifest.decode("[" * 100_000, ORIGIN)


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, part in inner:
        found.append((*at, key))
        if isinstance(part, dict | list):
            found += _paths(part, (*at, key))
    return found


WHOLE = json.loads(manifest.encode(replace(a_manifest())))
NEWER = "allowed_code"
"""What manifests of the first Proofreel do not say."""

garbage = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(codec=None), max_size=10),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(_paths(WHOLE)), garbage)
def test_a_manifest_with_one_wrong_value_is_read_or_refused(
    path: tuple[Any, ...], bad: Any
) -> None:
    document = json.loads(json.dumps(WHOLE))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = bad
    try:
        read = manifest.decode(json.dumps(document), ORIGIN)
    except (InvalidInput, Refused):
        return
    assert read.version.seconds >= 0
    manifest.encode(read).encode()


@pytest.mark.parametrize(
    "part", [path for path in _paths(WHOLE) if not isinstance(path[-1], int) and path[-1] != NEWER]
)
def test_a_manifest_that_lacks_a_part_is_damaged(part: tuple[Any, ...]) -> None:
    document = json.loads(json.dumps(WHOLE))
    holder = document
    for key in part[:-1]:
        holder = holder[key]
    del holder[part[-1]]
    with pytest.raises(InvalidInput):
        manifest.decode(json.dumps(document), ORIGIN)


def test_a_manifest_of_the_first_proofreel_is_read() -> None:
    document = json.loads(json.dumps(WHOLE))
    del document["version"][NEWER]
    assert manifest.decode(json.dumps(document), ORIGIN) == manifest.decode(
        json.dumps(WHOLE), ORIGIN
    )
