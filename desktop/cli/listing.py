"""Commands that show: the videos of the library, the state of this machine, an import to come."""

import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desktop.cli.finding import all_videos
from desktop.cli.reporting import output
from desktop.domain.library import Video
from desktop.domain.picture import clock
from desktop.services.values import CheckState, ImportAction, ImportPlan

if TYPE_CHECKING:
    from desktop.services.services import Services

MARKS = {
    CheckState.OK: ("ok", "green"),
    CheckState.WARNING: ("note", "yellow"),
    CheckState.ERROR: ("error", "bold red"),
}


async def list_videos(services: "Services", *, as_json: bool) -> int:
    """Print every video: title, project, state, newest version, length, id."""
    projects = {project.id: project.title for project in await services.library.projects()}
    videos = await all_videos(services)
    if as_json:
        rows = [_row(video, projects.get(video.project_id, "")) for video in videos]
        output().print_json(json.dumps(rows))
        return 0
    if not videos:
        output().print("The library is empty. proofreel import FILE… brings something in.")
        return 0
    table = Table("Title", "Project", "State", "Version", "Length", "Id", box=None)
    for video in videos:
        row = _row(video, projects.get(video.project_id, ""))
        length = clock(video.duration) if video.duration else ""
        version = str(video.latest_version or "")
        cells = (video.title, row["project"], row["state"], version, length, video.id)
        table.add_row(*(Text(str(cell)) for cell in cells))
    output().print(table)
    return 0


def _row(video: Video, project: str) -> dict[str, object]:
    return {
        "id": video.id,
        "title": video.title,
        "project": project,
        "kind": video.kind.value,
        "state": video.status.value.replace("_", " "),
        "version": video.latest_version,
        "seconds": round(video.duration, 3),
        "tags": list(video.tags),
    }


async def doctor(services: "Services") -> int:
    """Print what this machine can do; return 1 when something keeps renders from working."""
    console, worst = output(), 0
    for check in await services.environment.report():
        word, colour = MARKS[check.state]
        console.print(Text.assemble((f"{word:<6}", colour), f"{check.name}: {check.detail}"))
        if check.remedy and check.state is not CheckState.OK:
            console.print(Text(f"      → {check.remedy}"))
        worst = max(worst, check.state is CheckState.ERROR)
    return worst


def print_plan(console: Console, plan: ImportPlan) -> None:
    """Print what an import would do with each file."""
    for item in plan.items:
        skipped = item.action is ImportAction.SKIP or not item.accepted
        line = Text("skip  " if skipped else "add   ", style="yellow" if skipped else "green")
        line.append(str(item.path), style="bold")
        if item.detail:
            line.append(f"  {item.title} ({item.detail})", style="not bold")
        console.print(line)
        if item.problem:
            console.print(Text(f"      {item.problem}"))
        if item.runs_code and not skipped:
            console.print(Text("      Its code is asked about before it runs for the first time."))
    if plan.more:
        console.print("There are more files than these: import the rest folder by folder.")
