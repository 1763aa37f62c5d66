"""TITLE."""

from manim import BLUE, Circle, Create, FadeOut, Scene, Square, Transform


class FirstScene(Scene):
    """A circle that becomes a square."""

    def construct(self):
        shape = Circle(color=BLUE)
        self.play(Create(shape))
        self.play(Transform(shape, Square(color=BLUE)))
        self.wait()
        self.play(FadeOut(shape))
