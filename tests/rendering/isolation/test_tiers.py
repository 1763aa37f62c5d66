"""Scenes of every kind render in each tier, and see nothing they should not."""

import sys
import textwrap
import wave
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from PIL import Image

from desktop.domain.errors import RenderFailed
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from tests.rendering.isolation.latex import WithLatex
from tests.rendering.scenes import asset, job, nothing, until, video

pytestmark = [
    pytest.mark.manim,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux"),
]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[FullSandbox, PartialSandbox, WithLatex]
)
async def renderer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Renderer]:
    root = tmp_path_factory.mktemp("tier")
    made = Renderer(
        RenderStore(root / "store", 1 << 30),
        request.param(),
        scratch=root / "scratch",
        options=RendererOptions(workers=2, memory=1 << 30, wall_seconds=60),
    )
    yield made
    await made.close()
    assert not list((root / "scratch").glob("*"))


SCENES = {
    "text": "self.add(Text('Żółć 数学 → ∑'))\nself.wait(0.2)",
    "typst": "self.add(MathTypst('integral_0^1 x dif x'))\nself.wait(0.2)",
    "formula": r"self.add(MathTex(r'\frac{1}{2}'))" + "\nself.wait(0.2)",
    "code": "self.add(Code(code_string='x = 1', language='python'))\nself.wait(0.2)",
    "plot": "axes = Axes()\nself.play(Create(axes.plot(np.sin)), run_time=0.2)",
    "numbers": "self.add(DecimalNumber(3.14), Table([['a', 'b'], ['c', 'd']]))\nself.wait(0.2)",
    "solid": "self.add(Sphere(resolution=(4, 4)))\nself.wait(0.2)",
    "threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(4) as pool:
            self.add(*pool.map(lambda n: Dot([n, 0, 0]), range(4)))
        self.wait(0.2)
        """,
    "solving": "np.linalg.eig(np.random.rand(80, 80))\nself.add(Dot())\nself.wait(0.2)",
    "paths of links": """
        from pathlib import Path
        if Path("/proc/self/exe").resolve() != Path("/proc/self/exe"):
            raise ValueError("it was told where a link leads")
        Path(__file__).resolve(strict=True)
        self.add(Dot())
        self.wait(0.2)
        """,
    "temporary files": """
        import tempfile
        from pathlib import Path
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "own").write_text("x")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x")
        self.add(Dot())
        self.wait(0.2)
        """,
}


@pytest.mark.parametrize("kind", sorted(SCENES))
async def test_scenes_render(renderer: Renderer, kind: str) -> None:
    body = textwrap.dedent(SCENES[kind]).strip()
    take = await renderer.render(job(body), nothing)
    assert take.frames == 3
    assert take.isolation == renderer.isolation.name


async def test_pictures_and_sound_beside_the_source_are_found(
    renderer: Renderer, tmp_path: Path
) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    (tmp_path / "mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    with wave.open(str(tmp_path / "tone.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    body = """
        self.add(ImageMobject("red.png"), SVGMobject("mark.svg"))
        self.add_sound("tone.wav")
        self.wait(1)
        """
    assets = tuple(asset(tmp_path / name, name) for name in ("red.png", "mark.svg", "tone.wav"))
    take = await renderer.render(job(body, assets=assets), nothing)
    assert take.has_audio
    assert take.frames == 15


PEEK = """
    import os
    found = []
    for place in (os.path.dirname(os.path.dirname(os.getcwd())), "/etc/passwd", "/proc/1/environ"):
        try:
            found += os.listdir(place) if os.path.isdir(place) else [open(place).read()]
        except OSError:
            pass
    print("PEEKED", found, sorted(os.environ))
    raise ValueError(f"found {found}, {sorted(os.environ)}")
    """


async def test_a_scene_sees_neither_other_jobs_nor_files_nor_variables(renderer: Renderer) -> None:
    with pytest.raises(RenderFailed) as caught:
        await renderer.probe(job(PEEK))
    said = caught.value.problems[0].message
    assert "found []" in said
    inherited = {"USER", "LOGNAME", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS"}
    assert not inherited & set(said.split("'"))


BROKEN = """
    import desktop.rendering.worker.writer as writer
    from pathlib import Path
    saved = writer.save_poster
    def spoil(picture, target):
        saved(picture, target)
        whole = Path(target).with_name("scene.mp4")
        whole.write_bytes({content})
    writer.save_poster = spoil
    self.add(Dot())
    self.wait(0.4)
    """


@pytest.mark.parametrize(
    "content",
    [
        "b'<svg xmlns=\"http://www.w3.org/2000/svg\"/>'",
        "whole.read_bytes()[:300]",
        "whole.read_bytes().replace(b'stsz', b'stsx')",
        "b''",
    ],
    ids=["another format", "cut short", "no sizes", "empty"],
)
async def test_a_video_that_is_none_never_reaches_the_store(
    renderer: Renderer, content: str
) -> None:
    spoilt = job(BROKEN.format(content=content))
    with pytest.raises(RenderFailed):
        await renderer.render(spoilt, nothing)
    assert not renderer.store.has(spoilt.key)


async def test_a_video_of_another_scene_is_not_believed(renderer: Renderer, tmp_path: Path) -> None:
    other = video(tmp_path / "other.mp4", 40)
    body = BROKEN.format(content="Path('other.mp4').read_bytes()")
    spoilt = job(body, assets=(asset(other, "other.mp4"),))
    with pytest.raises(RenderFailed, match="stopped") as caught:
        await renderer.render(spoilt, nothing)
    assert "makes no sense" in caught.value.detail
    assert not renderer.store.has(spoilt.key)


RUN = "import subprocess\nraise ValueError(subprocess.run(['/bin/echo', 'ran']).returncode)"


async def test_programs_run_only_for_latex_in_the_full_sandbox(renderer: Renderer) -> None:
    for head, may in (("", False), ("# MathTex\n", isinstance(renderer.isolation, WithLatex))):
        with pytest.raises(RenderFailed) as caught:
            await renderer.probe(job(head + RUN))
        said = caught.value.problems[0].message
        assert (said == "0") == may, said


BOMB = """
    # MathTex
    import os, time
    while True:
        try:
            if os.fork() == 0:
                os.fork()
                time.sleep(60)
        except OSError:
            pass
    """


async def test_processes_that_multiply_are_all_ended(renderer: Renderer) -> None:
    if not isinstance(renderer.isolation, WithLatex):
        pytest.skip("no process can be started here at all")
    given = renderer._options
    renderer.use(replace(given, memory=64 << 30))  # what they share counts for each of them
    with pytest.raises(RenderFailed) as caught:
        await renderer.probe(job(BOMB))
    renderer.use(given)
    assert "64 processes" in caught.value.title
    zygote = renderer._process._process
    assert zygote is not None
    render_process = psutil.Process(zygote.pid)  # bubblewrap, with the zygote below it
    await until(lambda: len(render_process.children(recursive=True)) == 1)
