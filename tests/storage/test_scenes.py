"""Scenes stay known after they left the text, so that an undo brings their id back."""

from dataclasses import replace

import pytest

from desktop.storage import scenes, videos
from desktop.storage.scenes import KnownScene
from desktop.storage.transaction import Transaction
from tests.storage.builders import a_video

A, B, C = (
    KnownScene(name, f"Title {name}", f"Class{name}", f"text {name}", name) for name in "abc"
)


@pytest.fixture(autouse=True)
def _video(tx: Transaction) -> None:
    videos.insert(tx, a_video("v1"))


def placed(*present: KnownScene) -> tuple[KnownScene, ...]:
    return tuple(replace(scene, position=place) for place, scene in enumerate(present))


def test_scenes_come_back_in_their_order(tx: Transaction) -> None:
    scenes.remember(tx, "v1", [C, A, B])
    assert scenes.known(tx, "v1") == placed(C, A, B)


def test_a_scene_that_was_removed_stays_known_after_the_present_ones(tx: Transaction) -> None:
    scenes.remember(tx, "v1", [A, B, C])
    scenes.remember(tx, "v1", [C, B])
    assert scenes.known(tx, "v1") == (*placed(C, B), A)
    scenes.remember(tx, "v1", [C, A, B])
    assert scenes.known(tx, "v1") == placed(C, A, B)


def test_a_scene_is_remembered_as_it_was_last_seen(tx: Transaction) -> None:
    scenes.remember(tx, "v1", [A])
    rewritten = replace(A, title="New", text="new", class_name="New", code_sha256="new")
    scenes.remember(tx, "v1", [rewritten])
    assert scenes.known(tx, "v1") == placed(rewritten)


def test_every_video_has_scenes_of_its_own(tx: Transaction) -> None:
    videos.insert(tx, a_video("v2"))
    scenes.remember(tx, "v1", [A])
    scenes.remember(tx, "v2", [replace(A, title="Other")])
    assert scenes.known(tx, "v1") == placed(A)
    assert scenes.known(tx, "nobody") == ()
