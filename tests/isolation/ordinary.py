"""Scenes that mean no harm: a tier that stops them as well protects nobody."""

ORDINARY = {
    "Text": "self.add(Text('Hello'))\nself.wait(0.2)",
    "Typst": "self.add(MathTypst('x^2 / 2'), Typst('Hello'))\nself.wait(0.2)",
    "MathTex": r"self.add(MathTex(r'\frac{x^2}{2}', 'y'))" + "\nself.wait(0.2)",
    "motion": "self.play(Create(Axes()), run_time=0.4)",
    "picture": """
import numpy as np
from PIL import Image
Image.fromarray(np.zeros((8, 8, 3), dtype=np.uint8)).save("own.png")
self.add(ImageMobject("own.png"))
self.wait(0.2)
""",
}
"""Bodies of scenes, by what they draw; MathTex is set with LaTeX where there is one."""
