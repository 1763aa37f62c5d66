"""Time on the page: headings, narration, and how long things stand."""

from collections.abc import Callable
from typing import Any

import manim
import pytest
from proofreel_kit import BlockError
from proofreel_kit.captions import SECONDS_PER_WORD

from tests.kit.conftest import Shown
from tests.kit.gallery import words

pytestmark = pytest.mark.manim


def test_a_heading_stands_before_hand_written_manim_begins(show: Callable[..., Shown]) -> None:
    seen: list[bool] = []

    def body(scene: Any) -> None:
        scene.heading("By hand")
        scene.play(manim.FadeIn(manim.Square()), run_time=0.2)
        seen.append(scene._heading.mobject in scene.mobjects or scene._heading.shown)
        seen.append(scene.renderer.time > 0.7)

    show(body)
    assert seen == [True, True]


@pytest.mark.parametrize("fps", [4, 15, 30])
def test_long_narration_turns_its_captions_at_any_frame_rate(
    show: Callable[..., Shown], fps: int
) -> None:
    def body(scene: Any) -> None:
        scene.say(words(60))
        scene.close("cut")

    shown = show(body, fps=fps)
    assert shown.seconds == pytest.approx(60 * SECONDS_PER_WORD, rel=0.25)


def test_narration_is_written_to_the_caption_file_in_order(show: Callable[..., Shown]) -> None:
    def body(scene: Any) -> None:
        scene.say("First **strong** words. " + words(30))
        scene.say("Last words.")
        scene.close("cut")

    subtitles = show(body).scene.renderer.file_writer.subcaptions
    texts = [subtitle.content for subtitle in subtitles]
    assert texts[0].startswith("First strong words.")
    assert texts[-1] == "Last words."
    starts = [subtitle.start for subtitle in subtitles]
    assert starts == sorted(starts)


def test_text_stands_long_enough_to_be_read(show: Callable[..., Shown]) -> None:
    def body(scene: Any) -> None:
        scene.paragraph(words(40))
        scene.close("cut")

    assert show(body).seconds > 40 * 0.24


def test_a_page_is_read_before_the_next_one_replaces_it(show: Callable[..., Shown]) -> None:
    left: list[float] = []

    def body(scene: Any) -> None:
        scene.paragraph(words(40))
        scene.page("split")
        left.append(scene.renderer.time)

    show(body)
    assert left[0] > 40 * 0.24


def test_a_given_duration_is_kept(show: Callable[..., Shown]) -> None:
    def body(scene: Any) -> None:
        scene.equation("a^2")
        scene.close("fade", "9")

    assert show(body).seconds == pytest.approx(9, abs=0.3)


def test_captions_may_be_left_out_of_the_picture(show: Callable[..., Shown]) -> None:
    def body(scene: Any) -> None:
        scene.say("Only in the caption file.")
        scene.wait(0.5)

    with_captions, without = show(body), show(body, captions=False)
    assert without.ink < with_captions.ink
    assert without.scene.content.height > with_captions.scene.content.height


def test_an_unknown_transition_names_the_known_ones(show: Callable[..., Shown]) -> None:
    with pytest.raises(BlockError, match="Use fade, slide, cut"):
        show(lambda scene: scene.close("wipe"))


def test_bars_keep_their_thickness_while_they_grow() -> None:
    from proofreel_kit.growth import grow

    bar = manim.Rectangle(width=4, height=1)
    animation = grow(bar, manim.LEFT)
    animation.begin()
    animation.interpolate(0.5)
    assert bar.height == pytest.approx(1)
    assert 0.2 < bar.width < 3.8
    assert bar.get_left()[0] == pytest.approx(-2)
    animation.finish()
    assert bar.width == pytest.approx(4)
