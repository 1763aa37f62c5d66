import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import Severity
from desktop.domain.picture import Aspect
from desktop.rendering.manim_source.read import read_manim
from desktop.rendering.reading import SourceScene

FILE = '''"""Two shapes. And more words."""
from manim import *
import numpy as np
import math as m

SIDE = 2
POINTS = []
POINTS.append(3)
random_state = np.random.seed(4)
config.background_color = "#111111"


def big(side):
    return side * m.pi


class Base(Scene):
    def draw(self, mobject):
        self.play(Create(mobject))


class First(Base):
    """A growing square."""

    def construct(self):
        self.draw(Square(big(SIDE)))


@final
class SecondScene(MovingCameraScene):
    def construct(self):
        side = POINTS[0]
        self.draw(Circle(side))


def final(cls):
    return cls


if __name__ == "__main__":
    big(SIDE)
'''


def scenes(text: str) -> dict[str, SourceScene]:
    return {scene.class_name: scene for scene in read_manim(text).scenes}


def test_scenes_are_the_classes_that_draw() -> None:
    assert list(scenes(FILE)) == ["First", "SecondScene"]


def test_titles_come_from_the_description_or_the_name() -> None:
    found = scenes(FILE)
    assert found["First"].title == "A growing square"
    assert found["SecondScene"].title == "Second scene"
    assert read_manim(FILE).title == "Two shapes. And more words"


def test_a_scene_brings_along_what_it_uses_and_nothing_else() -> None:
    code = scenes(FILE)["First"].code
    for wanted in ("class Base", "def big", "SIDE = 2", "import math as m", "from manim import *"):
        assert wanted in code
    for unwanted in ("POINTS", "class SecondScene", "def final", "__main__"):
        assert unwanted not in code


def test_statements_that_act_on_the_whole_program_stay_in_every_scene() -> None:
    for scene in scenes(FILE).values():
        assert "config.background_color" in scene.code


def test_what_fills_a_list_comes_with_the_list() -> None:
    assert "POINTS.append(3)" in scenes(FILE)["SecondScene"].code


def test_decorators_count_as_used() -> None:
    assert "def final" in scenes(FILE)["SecondScene"].code


def test_every_line_of_code_knows_its_line_in_the_file() -> None:
    lines = FILE.splitlines()
    for scene in scenes(FILE).values():
        code = scene.code.split("\n")
        assert len(code) == len(scene.line_map)
        for text, number in zip(code, scene.line_map, strict=True):
            assert text == (lines[number - 1] if number else "")


def test_a_scene_knows_where_it_begins_and_ends() -> None:
    scene = scenes(FILE)["SecondScene"]
    lines = FILE.splitlines()
    assert lines[scene.line - 1] == "@final"
    assert lines[scene.end_line - 1].strip() == "self.draw(Circle(side))"
    assert scene.text == "\n".join(lines[scene.line - 1 : scene.end_line])


def test_editing_one_class_changes_its_code_only() -> None:
    before, after = scenes(FILE), scenes(FILE.replace("POINTS[0]", "POINTS[-1]"))
    assert before["First"].code == after["First"].code
    assert before["SecondScene"].code != after["SecondScene"].code


def test_editing_a_shared_function_changes_the_scenes_that_use_it() -> None:
    before, after = scenes(FILE), scenes(FILE.replace("side * m.pi", "side * m.e"))
    assert before["First"].code != after["First"].code
    assert before["SecondScene"].code == after["SecondScene"].code


def test_a_local_variable_is_not_taken_for_a_function_of_the_same_name() -> None:
    text = (
        "from manim import *\ndef side(): return 1\n"
        "class A(Scene):\n    def construct(self):\n        side = 2\n        self.wait(side)\n"
    )
    assert "def side" not in scenes(text)["A"].code


def test_a_name_defined_twice_comes_with_both_definitions() -> None:
    text = (
        "from manim import *\ntry:\n    import fast as kit\nexcept ImportError:\n    kit = None\n"
        "N = 1\nN += 1\nclass A(Scene):\n    def construct(self):\n        self.wait(N, kit)\n"
    )
    code = scenes(text)["A"].code
    assert "N = 1" in code
    assert "N += 1" in code
    assert "import fast" in code


def test_a_scene_of_another_scene_brings_its_parent() -> None:
    text = (
        "from manim import *\nclass A(Scene):\n    def construct(self):\n        self.wait()\n"
        "class B(A):\n    pass\n"
    )
    found = scenes(text)
    assert list(found) == ["A", "B"]
    assert "class A" in found["B"].code


@pytest.mark.parametrize(
    ("line", "error"),
    [(3, "x = (1\ny = 2\n"), (4, "def f(:\n"), (3, "  x = 1\n")],
)
def test_a_syntax_error_is_named_at_its_line(line: int, error: str) -> None:
    reading = read_manim("from manim import *\n\n" + ("\n" if line == 4 else "") + error)
    [problem] = reading.problems
    assert reading.scenes == ()
    assert problem.line == line
    assert problem.severity is Severity.ERROR
    assert problem.remedy


def test_a_null_byte_is_named_at_its_line() -> None:
    [problem] = read_manim("a = 1\nb = '\0'\n").problems
    assert problem.line == 2


def test_a_file_without_scenes_says_how_to_define_one() -> None:
    [problem] = read_manim("x = 1\n").problems
    assert problem.severity is Severity.WARNING
    assert "class" in problem.remedy


def test_a_class_that_is_replaced_is_pointed_out() -> None:
    text = "from manim import *\n" + "class A(Scene):\n    def construct(self): pass\n" * 2
    reading = read_manim(text)
    assert [scene.line for scene in reading.scenes] == [4]
    assert reading.problems[0].line == 2


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("config.pixel_width = 1080\nconfig.pixel_height = 1920\n", Aspect.TALL),
        ("config.frame_width = 8\nconfig.frame_height = 8\n", Aspect.SQUARE),
        ("config.pixel_width = 1280\nconfig.pixel_height = 720\n", Aspect.WIDE),
        ("config.pixel_width = 1080\n", Aspect.WIDE),
    ],
)
def test_the_shape_follows_the_configuration_in_the_file(text: str, aspect: Aspect) -> None:
    assert read_manim("from manim import *\n" + text).aspect is aspect


def test_pictures_sounds_and_modules_beside_the_file_are_listed() -> None:
    text = (
        "from manim import *\nfrom my_shapes_zq import star\nimport numpy, os.path\n"
        "class A(Scene):\n    def construct(self):\n        star()\n"
        "        self.add(ImageMobject('pictures/cat.png'), SVGMobject(file_name='logo.svg'))\n"
        "        self.add_sound('ding.wav')\n        self.add(ImageMobject('/etc/x.png'))\n"
        "        self.add(SVGMobject('star'), ImageMobject('../up.png'))\n"
    )
    assert set(scenes(text)["A"].assets) == {
        "my_shapes_zq.py",
        "pictures/cat.png",
        "logo.svg",
        "ding.wav",
    }


def test_line_endings_and_a_byte_order_mark_do_not_matter() -> None:
    plain = read_manim(FILE)
    windows = read_manim("\ufeff" + FILE.replace("\n", "\r\n"))
    assert windows.scenes == plain.scenes


def test_a_deeply_nested_file_is_refused_and_does_not_crash() -> None:
    assert read_manim("x = " + "(" * 5000 + ")" * 5000).problems


@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    read_manim(text)


@given(st.text(alphabet=" \n():=x1'\"#,@\\classdefimprt*\t\f\r", max_size=120))
def test_text_that_looks_like_python_is_read_without_an_exception(text: str) -> None:
    for scene in read_manim(text).scenes:
        ast.parse(scene.code)
