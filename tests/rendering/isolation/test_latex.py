r"""LaTeX sets formulas inside the full sandbox, and what it can be asked to do ends there.

Runs where LaTeX is installed, by ``apt install texlive-latex-extra dvisvgm`` for instance. What
must not work with the sandbox is seen to work without: its failure would prove nothing otherwise.
"""

import sys
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from desktop.domain.errors import RenderFailed
from desktop.rendering.isolation import Isolation, ProcessLimits
from desktop.rendering.isolation.linux import FullSandbox, PartialSandbox
from desktop.rendering.isolation.readable import latex_installed
from desktop.rendering.renderer import Renderer, RendererOptions
from desktop.rendering.store import RenderStore
from tests.rendering.scenes import asset, job, nothing, pictures

pytestmark = [
    pytest.mark.manim,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="these tiers are those of Linux"),
]

needs_latex = pytest.mark.skipif(
    not latex_installed(), reason="LaTeX is not installed (latex and dvisvgm)"
)


@dataclass
class Tiers:
    """Tier A, and the same machine without protection."""

    full: Renderer
    unprotected: Renderer


def rendering(root: Path, isolation: Isolation) -> Renderer:
    return Renderer(
        RenderStore(root / "store", 1 << 30),
        isolation,
        scratch=root / "scratch",
        options=RendererOptions(workers=1, memory=1 << 30, wall_seconds=60),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tiers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tiers]:
    root = tmp_path_factory.mktemp("latex")
    made = Tiers(
        rendering(root / "full", FullSandbox()), rendering(root / "unprotected", ProcessLimits())
    )
    yield made
    await made.full.close()
    await made.unprotected.close()


async def picture(renderer: Renderer, body: str, *files: Path) -> np.ndarray:
    """Return the last picture of a scene."""
    assets = tuple(asset(path, path.name) for path in files)
    text = f"{textwrap.dedent(body)}\nself.wait(0.2)"
    take = await renderer.render(job(text, assets=assets), nothing)
    return pictures(take.video)[-1].astype(int)


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one - other).max() < 8)


SET_BY_LATEX = """
import pathlib
if not list(pathlib.Path(config.get_dir("tex_dir")).glob("*.tex")):
    raise ValueError("LaTeX was not run")
"""

FORMULAS = {
    "MathTex": r"MathTex(r'\frac{x^2}{2}', '+', 'y')",
    "Tex": r"Tex(r'Hello $\sqrt{x}$')",
    "DecimalNumber": "DecimalNumber(3.14, mob_class=MathTex)",
    "numbered axes": "Axes(axis_config={'include_numbers': True}),  # MathTex\n",
    "Matrix": r"Matrix([[1, r'\pi'], ['x', 4]], element_to_mobject=MathTex)",
    "Brace": r"BraceLabel(Square(), r'\alpha', label_constructor=MathTex)",
}


@needs_latex
@pytest.mark.parametrize("kind", sorted(FORMULAS))
async def test_latex_sets_formulas_in_the_full_sandbox(tiers: Tiers, kind: str) -> None:
    shown = await picture(tiers.full, f"self.add({FORMULAS[kind]})\n{SET_BY_LATEX}")
    assert (shown > 100).sum() > 50, "nothing was drawn"


@needs_latex
async def test_latex_looks_the_same_inside_and_outside(tiers: Tiers) -> None:
    body = r"self.add(MathTex(r'\int_0^1 x^2\,dx = \frac13'))"
    assert alike(await picture(tiers.full, body), await picture(tiers.unprotected, body))


READ = r"""
self.add(Tex(r'''\newread\secret\openin\secret={path}
\ifeof\secret NOTHING\else\read\secret to\words\words\fi'''))
"""


@needs_latex
async def test_no_file_outside_is_drawn_by_latex(tiers: Tiers, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("WORDS OF OTHERS\n")
    nowhere = READ.replace("{path}", str(tmp_path / "nowhere"))
    elsewhere = READ.replace("{path}", str(secret))
    refused = await picture(tiers.full, nowhere)
    assert alike(await picture(tiers.full, elsewhere), refused)
    assert not alike(await picture(tiers.unprotected, elsewhere), refused)
    beside = READ.replace("{path}", "secret")
    assert not alike(await picture(tiers.full, beside, secret), refused)


@needs_latex
async def test_no_file_outside_is_included_or_quoted_by_latex(tiers: Tiers, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("CANARY OF OTHERS")
    body = f"self.add(Tex(r'\\input{{{secret}}}'))"
    with pytest.raises(RenderFailed) as caught:
        await picture(tiers.full, body)
    error = caught.value
    assert "CANARY" not in f"{error} {error.detail} {error.remedy} {error.log} {error.problems}"
    await picture(tiers.unprotected, body)


@needs_latex
async def test_latex_starts_no_program_by_itself(tiers: Tiers, tmp_path: Path) -> None:
    body = rf"""
        self.add(Tex(r'\immediate\write18{{touch written; touch {tmp_path}/written}}x'))
        if any(pathlib.Path("..").rglob("written")):
            raise ValueError("a program was run")
        """
    await picture(tiers.full, f"import pathlib\n{textwrap.dedent(body)}")
    assert not (tmp_path / "written").exists()


STARTED = r"""
# MathTex
import pathlib, subprocess
pathlib.Path("own.tex").write_text(
    r"\documentclass{article}\begin{document}"
    r"\immediate\write18{touch started; touch PLACE/started}x\end{document}")
subprocess.run(["latex", "-shell-escape", "-interaction=batchmode", "own.tex"])
if not pathlib.Path("started").exists():
    raise ValueError("no program was run")
self.add(Dot())
"""


@needs_latex
async def test_what_a_scene_lets_latex_start_cannot_leave_its_folder(
    tiers: Tiers, tmp_path: Path
) -> None:
    body = STARTED.replace("PLACE", str(tmp_path))
    await picture(tiers.full, body)
    assert not (tmp_path / "started").exists()
    await picture(tiers.unprotected, body)
    assert (tmp_path / "started").exists()


@needs_latex
async def test_scenes_that_do_not_name_latex_start_no_program(tiers: Tiers) -> None:
    body = "import subprocess\nself.add(Text('x'), DecimalNumber(2))\nsubprocess.run(['/bin/true'])"
    with pytest.raises(RenderFailed, match="could not be rendered"):
        await picture(tiers.full, body)


@needs_latex
async def test_without_namespaces_typst_sets_formulas(tmp_path: Path) -> None:
    renderer = rendering(tmp_path, PartialSandbox())
    try:
        body = f"self.add(MathTex('x^2'))\n{SET_BY_LATEX}"
        with pytest.raises(RenderFailed) as caught:
            await picture(renderer, body)
        assert "LaTeX was not run" in caught.value.problems[0].message
        assert (await picture(renderer, "self.add(MathTex('x^2'))") > 100).any()
    finally:
        await renderer.close()
