"""The filter by itself: read by an interpreter for both machines, and obeyed by the kernel here."""

import errno
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.rendering.confinement import seccomp, syscalls
from desktop.rendering.confinement.syscalls import Numbers
from tests.rendering.confinement.children import confined

OWN = 4711
ALLOWED, KILLED = "allowed", "killed"


@dataclass(frozen=True)
class Call:
    """What the kernel shows a filter."""

    number: int
    architecture: int
    arguments: tuple[int, ...] = ()

    def word(self, offset: int) -> int:
        if offset == 0:
            return self.number
        if offset == 4:
            return self.architecture
        index, upper = divmod(offset - 16, 8)
        value = self.arguments[index] if index < len(self.arguments) else 0
        return value >> 32 & 0xFFFFFFFF if upper else value & 0xFFFFFFFF


def verdict(lines: list[seccomp.Line], call: Call) -> str:
    """Interpret a filter as the kernel does."""
    place, accumulator = 0, 0
    for _step in range(len(lines) + 1):
        operation, if_true, if_false, constant = lines[place]
        place += 1
        if operation == seccomp.LOAD:
            accumulator = call.word(constant)
        elif operation == seccomp.AND:
            accumulator &= constant
        elif operation == seccomp.RETURN:
            return said(constant)
        else:
            test = {
                seccomp.EQUAL: accumulator == constant,
                seccomp.AT_LEAST: accumulator >= constant,
                seccomp.ANY_BIT: bool(accumulator & constant),
            }[operation]
            place += if_true if test else if_false
    raise AssertionError("the filter does not end")


def said(constant: int) -> str:
    if constant == seccomp.ALLOW:
        return ALLOWED
    if constant == seccomp.KILL_PROCESS:
        return KILLED
    return errno.errorcode[constant & 0xFFFF]


class Machine:
    """A filter for one architecture."""

    def __init__(self, name: str, *, programs: bool = False) -> None:
        self.column, self.architecture = seccomp.MACHINES[name]
        self.lines = seccomp.program(name, OWN, programs=programs)

    def ask(self, numbers: Numbers | int, *arguments: int) -> str:
        number = numbers if isinstance(numbers, int) else numbers[self.column]
        assert number is not None
        return verdict(self.lines, Call(number, self.architecture, arguments))

    def has(self, numbers: Numbers) -> bool:
        return numbers[self.column] is not None


@pytest.fixture(params=sorted(seccomp.MACHINES))
def machine(request: pytest.FixtureRequest) -> Machine:
    return Machine(request.param)


@pytest.fixture(params=sorted(seccomp.MACHINES))
def latex(request: pytest.FixtureRequest) -> Machine:
    return Machine(request.param, programs=True)


def test_every_call_of_the_lists_is_refused(machine: Machine) -> None:
    for table in (*syscalls.FORBIDDEN, syscalls.PROGRAMS):
        for name, numbers in table.items():
            if machine.has(numbers):
                assert machine.ask(numbers) == "EPERM", name


def test_calls_that_hide_their_arguments_look_unknown(machine: Machine) -> None:
    for numbers in syscalls.UNKNOWN.values():
        assert machine.ask(numbers) == "ENOSYS"


def test_links_lead_nowhere_but_for_latex(machine: Machine, latex: Machine) -> None:
    for numbers in syscalls.LINKS.values():
        if machine.has(numbers):
            assert machine.ask(numbers) == "EINVAL"
        if latex.has(numbers):
            assert latex.ask(numbers) == ALLOWED


def test_no_disk_is_taken_without_writing(machine: Machine, latex: Machine) -> None:
    for numbers in syscalls.UNSUPPORTED.values():
        assert machine.ask(numbers) == latex.ask(numbers) == "ENOTSUP"


def test_calls_newer_than_the_lists_are_unknown(machine: Machine) -> None:
    assert machine.ask(syscalls.LAST_KNOWN + 1) == "ENOSYS"
    assert machine.ask(600) == "ENOSYS"


def test_ordinary_work_is_allowed(machine: Machine) -> None:
    ordinary = {
        "x86_64": (0, 1, 3, 9, 11, 12, 202, 228),
        "aarch64": (63, 64, 57, 222, 215, 214, 98),
    }
    name = next(name for name, pair in seccomp.MACHINES.items() if pair[0] == machine.column)
    assert {machine.ask(number) for number in ordinary[name]} == {ALLOWED}


def test_another_architecture_is_the_end(machine: Machine) -> None:
    assert verdict(machine.lines, Call(0, 0x40000003)) == KILLED
    assert machine.ask(0x40000000 | 41) == KILLED


def test_threads_but_no_processes(machine: Machine, latex: Machine) -> None:
    thread, process, namespace = 0x003D0F00, 17, 0x10000000
    assert machine.ask(syscalls.CLONE, thread) == ALLOWED
    assert machine.ask(syscalls.CLONE, process) == "EPERM"
    assert machine.ask(syscalls.CLONE, namespace) == "EPERM"
    assert latex.ask(syscalls.CLONE, process) == ALLOWED
    assert latex.ask(syscalls.CLONE, namespace | process) == "EPERM"


def test_latex_may_start_programs_and_nothing_else(machine: Machine, latex: Machine) -> None:
    for numbers in syscalls.PROGRAMS.values():
        if latex.has(numbers):
            assert latex.ask(numbers) == ALLOWED
    for name, numbers in itertools.chain(*(table.items() for table in syscalls.FORBIDDEN)):
        if latex.has(numbers):
            assert latex.ask(numbers) == "EPERM", name


def test_signals_reach_the_process_itself_and_its_group(machine: Machine) -> None:
    for numbers in (syscalls.KILL, syscalls.TGKILL):
        assert machine.ask(numbers, OWN) == ALLOWED
        assert machine.ask(numbers, 0) == ALLOWED
        assert machine.ask(numbers, OWN + 1) == "EPERM"
        assert machine.ask(numbers, 0xFFFFFFFF) == "EPERM"


def test_a_file_may_not_be_emptied_by_opening_it_to_read(machine: Machine) -> None:
    empty, written = 0x200, 0x201
    assert machine.ask(syscalls.OPENAT, 0, 0, empty) == "EPERM"
    assert machine.ask(syscalls.OPENAT, 0, 0, written) == ALLOWED
    assert machine.ask(syscalls.OPENAT, 0, 0, 0) == ALLOWED
    if machine.has(syscalls.OPEN):
        assert machine.ask(syscalls.OPEN, 0, empty) == "EPERM"


def test_limits_may_be_read_and_not_set(machine: Machine) -> None:
    assert machine.ask(syscalls.PRLIMIT, 0, 7, 0) == ALLOWED
    assert machine.ask(syscalls.PRLIMIT, OWN, 7, 0) == ALLOWED
    assert machine.ask(syscalls.PRLIMIT, OWN + 1, 7, 0) == "EPERM"
    assert machine.ask(syscalls.PRLIMIT, 0, 7, 0x7F00_0000_1000) == "EPERM"
    assert machine.ask(syscalls.PRLIMIT, 0, 7, 0x7F00_0000_0000) == "EPERM"


def test_nobody_types_at_a_terminal(machine: Machine) -> None:
    for request in seccomp.TERMINAL_INPUT:
        assert machine.ask(syscalls.IOCTL, 0, request) == "EPERM"
        assert machine.ask(syscalls.IOCTL, 0, request | 1 << 40) == "EPERM"
    assert machine.ask(syscalls.IOCTL, 0, 0x5401) == ALLOWED


def test_controls_that_loosen_or_outlive_are_refused(machine: Machine) -> None:
    for option in seccomp.PROCESS_CONTROLS:
        assert machine.ask(syscalls.PRCTL, option) == "EPERM"
    assert machine.ask(syscalls.PRCTL, 15) == ALLOWED  # naming a thread
    for command in seccomp.SIGNAL_OWNERS:
        assert machine.ask(syscalls.FCNTL, 3, command) == "EPERM"
    assert machine.ask(syscalls.FCNTL, 3, 1) == ALLOWED


def test_jumps_stay_within_what_the_kernel_can_encode(machine: Machine, latex: Machine) -> None:
    for filter_ in (machine, latex):
        assert len(filter_.lines) <= 4096
        assert all(0 <= jump <= 255 for line in filter_.lines for jump in line[1:3])


HEADERS = {
    0: "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    1: "/usr/include/asm-generic/unistd.h",
}


@pytest.mark.parametrize("column", sorted(HEADERS))
def test_numbers_are_those_of_the_kernel(column: int) -> None:
    header = Path(HEADERS[column])
    if not header.exists():
        pytest.skip("the headers of the kernel are not installed")
    known = {}
    for line in header.read_text().splitlines():
        words = line.split()
        if len(words) >= 3 and words[0] == "#define" and words[2].isdigit():
            known[words[1].replace("__NR3264_", "__NR_").removeprefix("__NR_")] = int(words[2])
    others = (syscalls.PROGRAMS, syscalls.LINKS, syscalls.UNKNOWN, syscalls.UNSUPPORTED)
    tables = (*syscalls.FORBIDDEN, *others)
    wrong = {
        name: (numbers[column], known.get(name))
        for name, numbers in itertools.chain(*(table.items() for table in tables))
        if numbers[column] is not None and numbers[column] != known.get(name)
    }
    assert not wrong
    singles = ("CLONE", "KILL", "TGKILL", "IOCTL", "PRCTL", "OPEN", "OPENAT", "FCNTL", "SECCOMP")
    for name in singles:
        number = getattr(syscalls, name)[column]
        assert number is None or number == known[name.lower()], name
    assert syscalls.PRLIMIT[column] == known["prlimit64"]


@pytest.mark.parametrize("column", sorted(HEADERS))
def test_calls_left_out_of_a_column_are_not_there(column: int) -> None:
    header = Path(HEADERS[column])
    if not header.exists():
        pytest.skip("the headers of the kernel are not installed")
    text = header.read_text()
    tables = (*syscalls.FORBIDDEN, syscalls.PROGRAMS, syscalls.LINKS)
    forgotten = [
        name
        for name, numbers in itertools.chain(*(table.items() for table in tables))
        if numbers[column] is None and f"#define __NR_{name} " in text
    ]
    if column == 1:  # behind conditions that AArch64 does not meet
        forgotten = [name for name in forgotten if not before_is_old(text, name)]
    assert not forgotten


def before_is_old(text: str, name: str) -> bool:
    """Tell whether a call is only for architectures that ask for it."""
    before = text[: text.index(f"#define __NR_{name} ")]
    opened = before.rfind("#if")
    return opened > before.rfind("#endif")


real = pytest.mark.skipif(
    sys.platform != "linux" or not seccomp.supported(), reason="there is no filter for this machine"
)


@real
def test_the_kernel_obeys(tmp_path: Path) -> None:
    body = """
libc.prctl(38, 1, 0, 0, 0)
(folder / "file").write_text("content")
seccomp.install()
def take():  # the C library writes instead
    with (folder / "taken").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 8192)
        results["taken"] = str(os.fstat(file.fileno()).st_size)
attempt("take", take)
attempt("where a link leads", lambda: os.readlink("/proc/self/exe"))
attempt("socket", lambda: socket.socket())
attempt("pair", lambda: socket.socketpair())
attempt("fork", os.fork)
attempt("program", lambda: os.execv("/bin/true", ["true"]))
attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("signal", lambda: os.kill(os.getppid(), 0))
attempt("own signal", lambda: os.kill(os.getpid(), 0))
attempt("truncate", lambda: os.truncate(folder / "file", 0))
attempt("chmod", lambda: os.chmod(folder / "file", 0o777))
attempt("times", lambda: os.utime(folder / "file"))
attempt("link", lambda: os.symlink("/", folder / "link"))
attempt("memory file", lambda: os.memfd_create("x"))
attempt("clone3", lambda: call(435, 0, 0))
attempt("newest", lambda: call(452, 0, 0))
attempt("write", lambda: (folder / "file").write_text("new"))
attempt("leave the group", os.setsid)
done = []
thread = threading.Thread(target=lambda: done.append(1)); thread.start(); thread.join()
results["thread"] = "worked" if done else "never ran"
"""
    seen = confined(tmp_path, body)
    worked = {name for name, result in seen.items() if result == "worked"}
    assert worked == {"own signal", "write", "thread", "take"}
    assert seen.pop("where a link leads") == "EINVAL"
    assert seen.pop("taken") == "8192"
    assert seen["clone3"] == seen["newest"] == "ENOSYS"
    refused = {result for name, result in seen.items() if name not in worked | {"clone3", "newest"}}
    assert refused == {"EPERM"}


@real
def test_threads_that_run_already_are_filtered_as_well(tmp_path: Path) -> None:
    body = """
libc.prctl(38, 1, 0, 0, 0)
ready, go = threading.Event(), threading.Event()
def wait():
    ready.set(); go.wait(); attempt("socket", lambda: socket.socket())
thread = threading.Thread(target=wait); thread.start(); ready.wait()
seccomp.install(); go.set(); thread.join()
"""
    assert confined(tmp_path, body) == {"socket": "EPERM"}


@real
def test_latex_may_fork_and_execute_for_real(tmp_path: Path) -> None:
    body = """
libc.prctl(38, 1, 0, 0, 0)
seccomp.install(programs=True)
def run():
    pid = os.fork()
    if pid == 0:
        os.execv("/bin/true", ["true"])
    results["status"] = str(os.waitpid(pid, 0)[1])
attempt("run", run)
attempt("socket", lambda: socket.socket())
"""
    assert confined(tmp_path, body) == {"status": "0", "run": "worked", "socket": "EPERM"}


@real
def test_without_giving_up_privileges_an_ordinary_user_gets_no_filter(tmp_path: Path) -> None:
    body = """
if os.getuid() == 0:
    os.setresuid(65534, 65534, 65534)
attempt("install", seccomp.install)
"""
    assert confined(tmp_path, body) == {"install": "EACCES"}
