"""Code is looked through for what a person should know before allowing it."""

from pathlib import Path

from desktop.domain.errors import Severity
from desktop.domain.library import Project, SourceKind
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES
from tests.services.consent.bringing import WRITTEN, drawn


async def test_screening_warns_in_the_text_and_never_stops_a_render(
    services: Services, project: Project
) -> None:
    text = TWO_SCENES.replace("SIDE = 2", "import subprocess\nSIDE = 2")
    video = await services.library.create_video(
        project.id, "Mine", SourceKind.MANIM, text, own=True
    )
    outline = await services.authoring.outline(video.id, text)
    [problem] = outline.problems
    assert (problem.line, problem.severity) == (3, Severity.WARNING)
    assert "subprocess" in problem.message
    assert await drawn(services, video.id)


async def test_screening_names_lines_of_the_storyboard(
    services: Services, project: Project
) -> None:
    text = WRITTEN.replace("self.wait(0.2)", "x = 1\nopen('a')")
    video = await services.library.create_video(project.id, "Mine", SourceKind.STORYBOARD, text)
    outline = await services.authoring.outline(video.id, text)
    assert [text.splitlines()[(one.line or 0) - 1] for one in outline.problems] == ["open('a')"]


async def test_the_preview_tells_which_files_bring_code(services: Services, tmp_path: Path) -> None:
    for name, text in (("a.py", TWO_SCENES), ("b.md", WRITTEN), ("c.md", "## One\n\n- x\n")):
        (tmp_path / name).write_text(text, "utf-8")
    plan = await services.importing.plan([tmp_path / name for name in ("a.py", "b.md", "c.md")])
    assert [item.runs_code for item in plan.items] == [True, True, False]
