"""Code from elsewhere runs after a person has allowed it, and is asked about once."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop import app
from desktop.app import open_services
from desktop.config.paths import Paths, resource_dir
from desktop.domain.errors import NotAllowed, Severity, Unavailable
from desktop.domain.events import RenderEnded, RenderStarted
from desktop.domain.library import Project, SourceKind, VideoStatus
from desktop.domain.picture import Quality
from desktop.rendering.jobs import SceneJob
from desktop.rendering.store import RenderStore
from desktop.services import authoring, importing
from desktop.services.consent import ConsentQuestion
from desktop.services.library import now
from desktop.services.reading import Answer, ReadingTask, SourceReader
from desktop.services.services import Services
from tests.services.conftest import TWO_SCENES, Heard
from tests.services.consenting import allow

HELPED = TWO_SCENES.replace("SIDE = 2", "import helpers\n\nSIDE = helpers.side")
WRITTEN = "## One\n\n> Spoken.\n\n```manim\nself.wait(0.2)\n```\n"


class Drawn(Unavailable):
    """Raised where code would run: this is as far as these tests let it come."""


class SpyRenderer:
    """Draws nothing, and remembers what would have run."""

    def __init__(self, store: RenderStore) -> None:
        self.store = store
        self.isolation = SimpleNamespace(name="Full sandbox", note="", prepare=lambda: None)
        self.ran: list[SceneJob] = []

    async def render(self, job: SceneJob, _progress: object) -> None:
        self.ran.append(job)
        raise Drawn("Drawn")

    async def close(self) -> None:
        pass


class ReaderHere(SourceReader):
    """Reads in this process: what it reads is the same, and nothing has to be started."""

    async def ask(self, work: Callable[[ReadingTask], Answer], task: ReadingTask) -> Answer:
        return work(task)


@pytest.fixture
def renderers() -> list[SpyRenderer]:
    return []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, renderers: list[SpyRenderer]) -> None:
    def renderer(_paths: object, _settings: object, store: RenderStore) -> SpyRenderer:
        renderers.append(SpyRenderer(store))
        return renderers[-1]

    monkeypatch.setattr(app, "_renderer", renderer)
    for module in (authoring, importing):
        monkeypatch.setattr(module, "SourceReader", ReaderHere)


@pytest.fixture
async def services(paths: Paths, renderers: list[SpyRenderer]) -> AsyncIterator[Services]:
    async with open_services(paths) as opened:
        yield opened


@pytest.fixture
def ran(services: Services, renderers: list[SpyRenderer]) -> list[SceneJob]:
    return renderers[0].ran


async def brought(services: Services, folder: Path, **files: str) -> tuple[str, ...]:
    """Import files as a person does; return the ids of their videos by title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    plan = await services.importing.plan([folder])
    result = await services.importing.carry_out(plan)
    assert result.failures == ()
    return result.video_ids


async def drawn(services: Services, video_id: str) -> bool:
    """Render, and tell whether code came to run; false when a person has to be asked before."""
    try:
        await services.production.render(video_id, Quality.DRAFT)
    except Drawn:
        return True
    except NotAllowed:
        return False
    raise AssertionError("neither drawn nor refused")


async def write(services: Services, video_id: str, old: str, new: str) -> None:
    """Change the text as the person in the window does."""
    document = await services.authoring.open(video_id)
    assert old in document.text
    text = document.text.replace(old, new)
    await services.authoring.save(video_id, text, document.revision, own=True)


async def test_an_imported_manim_file_does_not_run_before_it_is_allowed(
    services: Services, ran: list[SceneJob], tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    heard = Heard(services.bus, RenderStarted, RenderEnded)
    with pytest.raises(NotAllowed) as refused:
        await services.production.render(video_id, Quality.DRAFT)
    assert "Shapes" in refused.value.title
    assert refused.value.remedy
    assert ran == []
    assert heard.of(RenderStarted) == []
    assert heard.of(RenderEnded) == [
        RenderEnded(video_id, None, cancelled=True, message=refused.value.title)
    ]
    assert (await services.library.video(video_id)).status is VideoStatus.CODE_READY
    await allow(services, video_id)
    assert await drawn(services, video_id)
    assert len(ran) == 2


async def test_nothing_that_is_done_with_an_imported_file_runs_it(
    services: Services, ran: list[SceneJob], tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    document = await services.authoring.open(video_id)
    outline = await services.authoring.outline(video_id, document.text)
    await services.library.duplicate_video(video_id)
    await services.exporting.folder(video_id, tmp_path / "out")
    for work in (
        services.production.render(video_id, Quality.FINAL),
        services.production.render_scene(video_id, outline.scenes[0].id, Quality.DRAFT),
    ):
        with pytest.raises(NotAllowed):
            await work
    assert await services.consent.needed(video_id) is not None
    assert ran == []


async def test_the_question_names_all_there_is_to_know(services: Services, tmp_path: Path) -> None:
    text = TWO_SCENES.replace(
        "SIDE = 2", "import os\nimport helpers\n\nos.system('ls')\nSIDE = helpers.side"
    )
    [video_id] = await brought(services, tmp_path / "in", shapes_py=text, helpers_py="eval('1')")
    question = await services.consent.needed(video_id)
    assert isinstance(question, ConsentQuestion)
    [video] = question.videos
    assert (video.video_id, video.title) == (video_id, "Shapes")
    assert video.scenes == ("First", "Second")
    own, helper = video.files
    assert (own.name, own.code) == ("", text)
    assert (helper.name, helper.code) == ("helpers.py", "eval('1')")
    assert question.imports == ("helpers", "manim", "os")
    assert [one.line for one in own.findings] == [6]
    assert "(os.system)" in own.findings[0].message
    assert [one.line for one in helper.findings] == [1]
    assert question.protection.detail == "Full sandbox"


async def test_it_is_asked_once_also_after_a_restart_and_in_another_process(
    services: Services, paths: Paths, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    async with open_services(paths) as other:
        assert await other.consent.needed(video_id) is None
        assert await drawn(other, video_id)


async def test_the_same_code_is_known_when_it_comes_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    spaced = TWO_SCENES.replace("SIDE = 2", "SIDE  =  2  # units")
    [again] = await brought(services, tmp_path / "b", renamed_py=spaced)
    assert await drawn(services, again)


async def test_changed_code_that_comes_again_is_asked_about(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    [again] = await brought(services, tmp_path / "b", shapes_py=TWO_SCENES.replace("2", "3"))
    assert not await drawn(services, again)
    assert await drawn(services, video_id)


async def test_what_the_person_writes_into_allowed_code_is_not_asked_about(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    for side in "3456":
        await write(services, video_id, f"SIDE = {int(side) - 1}", f"SIDE = {side}")
    assert await drawn(services, video_id)


async def test_writing_into_code_that_nobody_allowed_does_not_allow_it(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await write(services, video_id, "SIDE = 2", "SIDE = 3")
    assert not await drawn(services, video_id)


async def test_what_changed_after_the_question_is_not_allowed_by_the_answer(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    question = await services.consent.needed(video_id)
    assert question is not None
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, document.text + "import os\n", document.revision)
    await services.consent.give(question)
    assert not await drawn(services, video_id)


async def test_a_text_that_another_program_changed_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    document = await services.authoring.open(video_id)
    await services.authoring.save(video_id, document.text + "import os\n", document.revision)
    assert not await drawn(services, video_id)


async def test_a_module_that_changes_on_the_disk_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    assert await drawn(services, video_id)
    module = services.authoring.assets(video_id) / "helpers.py"
    module.write_text("side = 1  # one\n")
    assert await drawn(services, video_id)
    module.write_text("side = __import__('os').getpid()")
    assert not await drawn(services, video_id)
    question = await services.consent.needed(video_id)
    assert question is not None
    assert [file.name for file in question.files] == ["helpers.py"]


async def test_a_module_that_changed_between_reading_and_asking_does_not_run(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    document = await services.authoring.open(video_id)
    reading, _ids, _newest = await services.authoring.read(video_id, document.text)
    await services.consent.check(document, reading)
    other = replace(reading, files_run=("0" * 64,))
    with pytest.raises(NotAllowed, match="changed just now"):
        await services.consent.check(document, other)


async def test_a_module_of_a_text_written_here_is_asked_about(
    services: Services, project: Project, tmp_path: Path
) -> None:
    video = await services.library.create_video(
        project.id, "Mine", SourceKind.MANIM, HELPED, own=True
    )
    folder = services.authoring.assets(video.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "helpers.py").write_text("side = 1")
    assert not await drawn(services, video.id)
    await allow(services, video.id)
    assert await drawn(services, video.id)


@pytest.mark.parametrize("kind", [SourceKind.MANIM, SourceKind.STORYBOARD])
async def test_what_was_written_here_is_never_asked_about(
    services: Services, project: Project, kind: SourceKind
) -> None:
    text = TWO_SCENES if kind is SourceKind.MANIM else WRITTEN
    video = await services.library.create_video(project.id, "Mine", kind, text, own=True)
    assert await services.consent.needed(video.id) is None
    assert await drawn(services, video.id)
    copy = await services.library.duplicate_video(video.id)
    assert await drawn(services, copy.id)


async def test_a_storyboard_without_code_runs_and_may_get_code_here(
    services: Services, tmp_path: Path
) -> None:
    text = "## One\n\n- a point\n"
    [video_id] = await brought(services, tmp_path / "in", talk_md=text)
    assert await drawn(services, video_id)
    await write(services, video_id, "- a point", "```manim\nself.wait(1)\n```")
    assert await drawn(services, video_id)


async def test_a_storyboard_with_code_is_asked_about_and_its_words_do_not_count(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "a", talk_md=WRITTEN)
    assert not await drawn(services, video_id)
    await allow(services, video_id)
    assert await drawn(services, video_id)
    [again] = await brought(services, tmp_path / "b", talk_md=WRITTEN.replace("Spoken", "Said"))
    assert await drawn(services, again)
    [other] = await brought(services, tmp_path / "c", talk_md=WRITTEN.replace("0.2", "0.3"))
    assert not await drawn(services, other)


async def test_the_samples_run_and_are_known_by_their_code_not_their_name(
    services: Services, tmp_path: Path
) -> None:
    sample = (resource_dir() / "samples" / "pythagoras" / "storyboard.md").read_text("utf-8")
    for video in await services.samples.videos():
        assert await services.consent.needed(video.id) is None
    [same] = await brought(services, tmp_path / "a", anything_md=sample)
    assert await drawn(services, same)
    forged = sample.replace("```manim\n", "```manim\nimport os\n")
    assert forged != sample
    [fake] = await brought(services, tmp_path / "pythagoras", storyboard_md=forged)
    assert not await drawn(services, fake)


async def test_several_files_are_one_question(services: Services, tmp_path: Path) -> None:
    ids = await brought(
        services, tmp_path / "in",
        a_py=TWO_SCENES, b_py=TWO_SCENES.replace("2", "3"), c_md=WRITTEN, d_md="## One\n\n- x\n",
    )  # fmt: skip
    question = await services.consent.needed(*ids)
    assert question is not None
    assert len(question.videos) == len(question.files) == 3
    await services.consent.give(question)
    assert await services.consent.needed(*ids) is None
    assert [await drawn(services, one) for one in ids] == [True] * 4


async def test_consent_that_is_taken_back_is_asked_for_again(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    for one in await services.consent.allowed():
        await services.consent.withdraw(one)
    assert not await drawn(services, video_id)
    assert await services.consent.allowed() == ()


async def test_what_was_allowed_is_listed_with_when_and_where_it_came_from(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    [video_id] = await brought(services, folder, shapes_py=HELPED, helpers_py="side = 1")
    assert await services.consent.allowed() == ()
    before = now()
    await allow(services, video_id)
    found = {one.name: one for one in await services.consent.allowed()}
    assert set(found) == {"", "helpers.py"}
    assert {one.title for one in found.values()} == {"Shapes"}
    assert found[""].origin == str(folder / "shapes.py")
    assert found["helpers.py"].origin == str(folder / "helpers.py")
    assert all(before <= one.when <= now() for one in found.values())
    assert all(one.videos == (video_id,) for one in found.values())


async def test_a_file_beside_a_text_is_taken_back_without_the_text(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=HELPED, helpers_py="side = 1")
    await allow(services, video_id)
    helpers = next(one for one in await services.consent.allowed() if one.name)
    await services.consent.withdraw(helpers)
    question = await services.consent.needed(video_id)
    assert question is not None
    assert [file.name for file in question.files] == ["helpers.py"]
    assert [one.name for one in await services.consent.allowed()] == [""]


async def test_code_that_was_changed_here_is_taken_back_with_what_it_came_from(
    services: Services, tmp_path: Path
) -> None:
    [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, video_id)
    await write(services, video_id, "SIDE = 2", "SIDE = 3")
    assert await drawn(services, video_id)
    [one] = await services.consent.allowed()
    await services.consent.withdraw(one)
    assert not await drawn(services, video_id)


async def test_every_video_that_the_code_came_in_with_is_asked_about_again(
    services: Services, tmp_path: Path
) -> None:
    [first] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, first)
    [second] = await brought(services, tmp_path / "on", again_py=TWO_SCENES + "# again\n")
    assert await drawn(services, second)
    [one] = await services.consent.allowed()
    assert one.videos == (first, second)
    await services.consent.withdraw(one)
    assert [await drawn(services, each) for each in (first, second)] == [False, False]


async def test_what_was_allowed_in_a_video_that_is_gone_is_taken_back_all_the_same(
    services: Services, tmp_path: Path
) -> None:
    [first] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    await allow(services, first)
    [one] = await services.consent.allowed()
    await services.consent.withdraw(replace(one, videos=("nobody",)))
    assert await services.consent.allowed() == ()
    [again] = await brought(services, tmp_path / "on", again_py=TWO_SCENES)
    assert not await drawn(services, again)


async def test_a_library_that_was_lost_asks_only_about_what_was_never_allowed(
    paths: Paths, tmp_path: Path
) -> None:
    async with open_services(paths) as services:
        [video_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
        await allow(services, video_id)
    for file in paths.data.glob("library.db*"):
        file.unlink()
    async with open_services(paths) as services:
        [again] = await brought(services, tmp_path / "in")
        assert await drawn(services, again)
        [other] = await brought(services, tmp_path / "on", other_py=TWO_SCENES.replace("2", "4"))
        assert not await drawn(services, other)


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


async def test_it_is_known_of_each_text_whether_it_runs_code_that_was_allowed(
    services: Services, project: Project, tmp_path: Path
) -> None:
    [brought_id] = await brought(services, tmp_path / "in", shapes_py=TWO_SCENES)
    own = await services.library.create_video(project.id, "Own", SourceKind.MANIM, TWO_SCENES)

    async def runs_allowed(video_id: str) -> bool:
        document = await services.authoring.open(video_id)
        reading, _ids, _newest = await services.authoring.read(video_id, document.text)
        return await services.consent.runs_allowed(document, reading)

    assert [await runs_allowed(one) for one in (brought_id, own.id)] == [False, False]
    await allow(services, brought_id)
    assert [await runs_allowed(one) for one in (brought_id, own.id)] == [True, False]
    await write(services, brought_id, "SIDE = 2", "SIDE = 3")
    assert await runs_allowed(brought_id)
