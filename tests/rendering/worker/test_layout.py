"""Findings an editor understands, once each, and only for what is really seen."""

from collections.abc import Callable

import pytest

Find = Callable[..., list[str]]


def test_a_finding_names_both_things_and_the_moment(findings: Find) -> None:
    body = """
title, bullet = Text("Sums"), Text("and products").shift(UP * 0.2)
title.role_name, bullet.role_name = "Title", "Bullet 3"
self.play(FadeIn(title), run_time=4.2)
self.add(bullet)
self.wait(2)
"""
    assert findings(body) == ["Title and Bullet 3 overlap at 4.2 s"]


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (
            'self.add(Text("a heading").to_edge(UP, buff=-0.3))',
            "“a heading” leaves the frame at the top at 0.0 s",
        ),
        (
            'self.add(Text("far away").shift(RIGHT * 12))',
            "“far away” is never seen: it lies outside the frame",
        ),
        ("self.add(Square().shift(LEFT * 11))", "A square is never seen"),
        (
            'self.add(Text("words"), Square(1.2, fill_opacity=1).shift(RIGHT * 0.6))',
            "“words” is partly covered at 0.0 s",
        ),
        (
            'self.add(Rectangle(width=2, height=1), Text("far too long"))',
            "“far too long” does not fit into a rectangle at 0.0 s",
        ),
        (
            'self.add(Text("several words"), Arrow(LEFT * 4, RIGHT * 4))',
            "An arrow runs through “several words” at 0.0 s",
        ),
    ],
)
def test_each_kind_of_fault_has_its_sentence(findings: Find, body: str, finding: str) -> None:
    (found,) = findings(f"{body}\nself.wait(1)")
    assert found.startswith(finding)


def test_a_text_larger_than_its_box_is_said_once(findings: Find) -> None:
    body = "self.add(Rectangle(width=2, height=1), Text('far too long'))\nself.wait(1)"
    assert len(findings(body)) == 1


def test_things_that_pass_each_other_are_not_blamed(findings: Find) -> None:
    body = """
one, two = Text("one").shift(LEFT * 4), Text("two").shift(RIGHT * 4)
self.add(one, two)
self.play(one.animate.move_to(ORIGIN), two.animate.move_to(ORIGIN))
self.play(one.animate.shift(RIGHT * 4), two.animate.shift(LEFT * 4))
self.wait(1)
"""
    assert not findings(body)


def test_what_stays_over_two_animations_is_found_without_a_rest(findings: Find) -> None:
    body = """
dot = Dot().shift(DOWN * 3)
self.add(Text("always"), Text("never").shift(UP * 0.1), dot)
self.play(dot.animate.shift(LEFT))
self.play(dot.animate.shift(LEFT))
self.play(dot.animate.shift(LEFT))
"""
    assert findings(body) == ["“always” and “never” overlap at 1.0 s"]


def test_the_same_fault_is_reported_once(findings: Find) -> None:
    body = 'self.add(Text("one"), Text("two"))\nfor _ in range(5): self.wait(0.5)'
    assert len(findings(body)) == 1


def test_no_more_than_twenty_findings_are_told(findings: Find) -> None:
    body = "self.add(*[Text(f'word {n}') for n in range(12)])\nself.wait(1)"
    assert len(findings(body)) == 20


def test_what_a_camera_leaves_out_when_it_goes_closer_is_not_cut_off(findings: Find) -> None:
    body = """
self.add(Text("left").shift(LEFT * 4), Text("right").shift(RIGHT * 4))
self.play(self.camera.frame.animate.scale(0.5))
self.wait(1)
"""
    assert not findings(body, base="MovingCameraScene")


def test_only_what_is_fixed_to_the_screen_is_judged_in_space(findings: Find) -> None:
    body = """
self.set_camera_orientation(phi=1)
title = Text("The cube").to_edge(UP, buff=-0.4)
self.add_fixed_in_frame_mobjects(title)
self.add(Cube(), Text("in space"), Text("in space too"))
self.wait(1)
"""
    assert findings(body, base="ThreeDScene") == ["“The cube” leaves the frame at the top at 0.0 s"]


def test_the_frame_of_a_portrait_video_is_its_own(findings: Find) -> None:
    body = 'self.add(Text("as wide as this").scale_to_fit_width(10))\nself.wait(1)'
    assert not findings(body)
    (found,) = findings(body, width=144, height=256)
    assert "leaves the frame" in found


def test_a_long_row_of_shapes_outside_is_a_pattern_and_a_short_one_is_not(findings: Find) -> None:
    row = "self.add(*[Square(1).shift(RIGHT * (9 + n)) for n in range({0})])\nself.wait(1)"
    assert len(findings(row.format(2))) == 1
    assert not findings(row.format(12))


def test_a_pulled_curtain_hides_what_was_before(findings: Find) -> None:
    body = """
self.add(Text("before"))
self.add(Rectangle(width=15, height=9, fill_opacity=1, color=BLACK))
self.add(Text("after"))
self.wait(1)
"""
    assert not findings(body)
