"""What a text needs and does not find is told at its line, before anything is drawn."""

import pytest

from desktop.domain.library import Project, SourceKind
from desktop.services.services import Services

SCENE = "class Shown(Scene):\n    def construct(self):\n        {0}\n        self.wait()\n"


@pytest.mark.parametrize(
    ("statement", "message", "remedy"),
    [
        ("import nowhere.at_all", "The module “nowhere” is not installed", "Remove the import"),
        ("from nowhere import it", "nor is nowhere.py beside the file", "drop nowhere.py"),
        ("self.add(ImageMobject('no.png'))", "The file no.png cannot be read", "Drop it"),
    ],
)
async def test_it_is_named_with_its_line_and_a_remedy(
    services: Services, project: Project, statement: str, message: str, remedy: str
) -> None:
    text = "from manim import *\n\n\n" + SCENE.format(statement)
    video = await services.library.create_video(project.id, "Lacking", SourceKind.MANIM, text)
    (problem,) = (await services.authoring.outline(video.id, text)).problems
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.line == 6
