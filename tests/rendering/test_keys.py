"""The same picture has the same key, and any other picture has another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.picture import Quality
from desktop.rendering.jobs import Asset
from desktop.rendering.keys import normalised, render_key
from tests.rendering.scenes import PROFILE

CODE = "from manim import *\n\nclass A(Scene):\n    def construct(self):\n        self.wait(2)\n"


def key(code: str = CODE, name: str = "A", assets: tuple[Asset, ...] = ()) -> str:
    return render_key(code, name, PROFILE, assets)


@pytest.mark.parametrize(
    "same",
    [
        "# a remark\n" + CODE,
        CODE.replace("self.wait(2)", "self.wait( 2 )  # two seconds"),
        CODE.replace("\n\n", "\n\n\n\n"),
        CODE.replace("\n", "\r\n"),
    ],
)
def test_comments_and_spacing_do_not_change_the_key(same: str) -> None:
    assert key(same) == key()


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("wait(2)", "wait(3)"),
        CODE + "\nX = 1\n",
        CODE.replace("self.wait(2)", 'Text("#  two   spaces")'),
    ],
)
def test_other_code_has_another_key(other: str) -> None:
    assert key(other) != key()


def test_spaces_inside_texts_count() -> None:
    one, two = ('Text("a b")', 'Text("a  b")')
    assert key(CODE.replace("self.wait(2)", one)) != key(CODE.replace("self.wait(2)", two))


def test_every_part_of_the_profile_counts() -> None:
    others = [
        replace(PROFILE, quality=Quality.FINAL),
        replace(PROFILE, width=512),
        replace(PROFILE, height=200),
        replace(PROFILE, fps=30),
        replace(PROFILE, crf=18),
        replace(PROFILE, preset="medium"),
        replace(PROFILE, gop=15),
    ]
    keys = {render_key(CODE, "A", profile, ()) for profile in (PROFILE, *others)}
    assert len(keys) == 8


def test_the_class_counts() -> None:
    assert key(name="B") != key()


def test_the_content_and_name_of_assets_count_but_not_their_place_or_order() -> None:
    one, two = Asset("a.png", "/here/a.png", "11"), Asset("b.png", "/here/b.png", "22")
    moved = replace(one, path="/there/a.png")
    assert key(assets=(one, two)) == key(assets=(two, moved))
    assert key(assets=(one,)) != key(assets=(replace(one, sha256="12"),))
    assert key(assets=(one,)) != key(assets=(replace(one, name="c.png"),))
    assert key(assets=(one,)) != key()


def test_the_kit_counts_only_for_code_that_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = "from proofreel_kit import KitScene\n" + CODE
    plain, with_kit = key(), key(compiled)
    monkeypatch.setattr("desktop.rendering.keys._kit_digest", lambda: "another kit")
    assert key() == plain
    assert key(compiled) != with_kit


def test_another_manim_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr("desktop.rendering.keys._tools", lambda: {"manim": "99"})
    assert key() != before


@pytest.mark.parametrize("broken", ["def (", "x = '\0'", "(" * 5000, "\ud800"])
def test_broken_code_is_taken_as_it_is(broken: str) -> None:
    assert normalised(broken) == broken
    assert len(key(broken)) == 64


@given(st.text(max_size=80))
def test_normalising_never_raises_and_is_stable(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
