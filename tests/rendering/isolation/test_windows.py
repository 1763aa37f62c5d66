"""What can be told of the sandbox of Windows without Windows: names, numbers, commands."""

import ctypes
import json
import sys
from pathlib import Path

import pytest

from desktop.rendering.isolation import windows, windows_launch
from desktop.rendering.isolation.choice import trial
from desktop.rendering.isolation.windows import (
    AppContainer,
    Plan,
    capability_sid,
    container_sid,
    environment_block,
    grants,
    job_limits,
    plan,
)

PLAN = Plan("Proofreel.Render.1", "D:\\Jobs\\1", ("C:\\Program Files\\App", "E:\\App"), 3 << 30, 90)
USER = "S-1-5-21-1-2-3-1001"


def test_names_have_the_numbers_that_windows_gives_them() -> None:
    # of programs that come with Windows; their numbers stand in many logs
    edge = "S-1-15-2-3624051433-2125758914-1423191267-1740899205-1073925389-3782572162-737981194"
    assert container_sid("Microsoft.MicrosoftEdge_8wekyb3d8bbwe") == edge
    assert container_sid("MICROSOFT.MICROSOFTEDGE_8WEKYB3D8BBWE") == edge
    assert capability_sid("registryRead") == (
        "S-1-15-3-1024-1065365936-1281604716-3511738428-1654721687"
        "-432734479-3232135806-4053264122-3456934681"
    )


def test_every_folder_has_a_container_of_its_own(tmp_path: Path) -> None:
    one, other = plan(tmp_path / "1"), plan(tmp_path / "2")
    assert one.sid != other.sid
    assert one == plan(tmp_path / "1")
    assert len(one.name) <= 64  # as many as a name may have
    assert one.folder == str(tmp_path / "1")


def test_structures_have_the_sizes_of_a_64_bit_windows() -> None:
    sizes = {
        windows.BasicLimits: 64,
        windows.ExtendedLimits: 144,
        windows.SecurityCapabilities: 24,
        windows_launch.SidAndAttributes: 16,
        windows_launch.StartupInfo: 112,
        windows_launch.ProcessInformation: 24,
    }
    assert {kind: ctypes.sizeof(kind) for kind in sizes} == sizes
    assert windows.ExtendedLimits.job_memory.offset == 120
    assert windows.BasicLimits.active_processes.offset == 40
    assert windows_launch.StartupInfo.streams.offset == 80


def test_a_job_is_one_process_that_ends_with_the_studio() -> None:
    limits = job_limits(PLAN)
    assert limits.basic.active_processes == 1
    assert limits.basic.per_job_user_time == 900_000_000
    assert limits.job_memory == 3 << 30
    assert limits.basic.flags == 0x2000 | 0x0400 | 0x0200 | 0x0008 | 0x0004


def test_only_its_folder_is_written_to_and_nothing_of_the_system_is_changed() -> None:
    reading, writing = grants(PLAN, USER)
    assert reading == ["icacls", "E:\\App", "/grant",
                       f"*{capability_sid(windows.CAPABILITY)}:(OI)(CI)(RX)", "/Q"]  # fmt: skip
    assert writing[:4] == ["icacls", "D:\\Jobs\\1", "/inheritance:r", "/grant:r"]
    assert f"*{PLAN.sid}:(OI)(CI)(M)" in writing
    assert f"*{USER}:(OI)(CI)(F)" in writing
    assert "*S-1-1-0" not in " ".join(writing), "everybody"
    assert "*S-1-15-2-1:" not in " ".join([*reading, *writing]), "every container"


def test_an_environment_is_sorted_and_ends_twice() -> None:
    assert environment_block({"b": "2", "A": "1=1"}) == "A=1=1\0b=2\0\0"
    assert environment_block({}) == "\0"


def test_the_launcher_is_told_the_plan_and_the_command(tmp_path: Path) -> None:
    command = AppContainer().command(["python", "-m", "worker"], tmp_path)
    assert command[:4] == [sys.executable, "-P", "-m", windows.LAUNCHER]
    assert command[5:] == ["python", "-m", "worker"]
    assert Plan(**json.loads(command[4])).name == plan(tmp_path).name


@pytest.mark.skipif(sys.platform == "win32", reason="there it may work")
def test_where_there_is_no_windows_nothing_is_run(tmp_path: Path) -> None:
    words = [sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"]
    with pytest.raises(OSError, match="not Windows"):
        windows_launch.launch(plan(tmp_path), words)
    assert not (tmp_path / "ran").exists()
    assert "not Windows" in trial(AppContainer(), separate=True)


def test_it_says_that_nobody_has_seen_it_work() -> None:
    assert "not verified" in AppContainer().name
    assert "not verified" in AppContainer().note
