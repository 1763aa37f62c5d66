"""Attacks on other processes, and attempts to run programs."""

from tests.isolation import processes
from tests.isolation.attack import Attack
from tests.isolation.listeners import judged_by, terminal
from tests.isolation.processes import (
    children,
    foreign_program,
    manner_of,
    measured,
    neighbour,
    survivor,
)

READ_MEMORY = """
buffer = ctypes.create_string_buffer(64)
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
here, there = Piece(ctypes.addressof(buffer), 64), Piece(address, 64)
"""

PROCESSES = (
    Attack("read its own environment", "say(dict(os.environ))", processes.studio_environment),
    Attack(
        "read the studio's environment",
        "say(Path(f'/proc/{pid}/environ').read_bytes())",
        processes.studio_environment,
        old_landlock=True,
    ),
    Attack(
        "read every environment",
        """
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                say(path.read_bytes())
            except OSError:
                pass
        """,
        processes.studio_environment,
    ),
    Attack(
        "read every command",
        "for path in Path('/proc').glob('[0-9]*/cmdline'): say(path.read_bytes())",
        neighbour,
    ),
    Attack(
        "read the studio's memory",
        "file = open(f'/proc/{pid}/mem', 'rb'); file.seek(address); say(file.read(64))",
        processes.studio_memory,
        old_landlock=True,
    ),
    Attack(
        "read a neighbour's memory",
        "file = open(f'/proc/{pid}/mem', 'rb'); file.seek(address); say(file.read(64))",
        neighbour,
        old_landlock=True,
    ),
    Attack(
        "write a neighbour's memory",
        "file = open(f'/proc/{pid}/mem', 'r+b', 0); file.seek(address); file.write(b'evil')",
        neighbour,
    ),
    Attack(
        "read memory by call",
        READ_MEMORY
        + "call(310, pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0); say(buffer.raw)",
        neighbour,
        old_landlock=True,
    ),
    Attack(
        "write memory by call",
        READ_MEMORY + "call(311, pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)",
        neighbour,
    ),
    Attack(
        "debug a neighbour", "call(101, 16, pid, 0, 0); hold()", processes.traced, old_landlock=True
    ),
    Attack("seize a neighbour", "call(101, 0x4206, pid, 0, 0); hold()", processes.traced),
    Attack("end a neighbour", "os.kill(pid, 15)", neighbour, old_landlock=True),
    Attack("kill a neighbour", "os.kill(pid, 9)", neighbour, old_landlock=True),
    Attack("end a thread of a neighbour", "call(234, pid, pid, 10)", neighbour, old_landlock=True),
    Attack("end a thread the old way", "call(200, pid, 10)", neighbour, old_landlock=True),
    Attack(
        "queue a signal",
        "call(129, pid, 10, ctypes.create_string_buffer(struct.pack('iii', 10, 0, -1), 128))",
        neighbour,
    ),
    Attack(
        "send a signal by descriptor",
        "import signal; signal.pidfd_send_signal(os.pidfd_open(pid), 10)",
        neighbour,
        old_landlock=True,
    ),
    Attack(
        "steal a descriptor",
        "fd = call(438, os.pidfd_open(pid), descriptor, 0); say(os.pread(fd, 64, 0))",
        neighbour,
    ),
    Attack(
        "open a neighbour's descriptor",
        "say(Path(f'/proc/{pid}/fd/{descriptor}').read_bytes())",
        neighbour,
        old_landlock=True,
    ),
    Attack(
        "slow a neighbour down",
        "os.setpriority(os.PRIO_PROCESS, pid, 15)",
        manner_of(processes.priority),
        old_landlock=True,
    ),
    Attack(
        "limit a neighbour",
        "call(302, pid, 7, ctypes.create_string_buffer(struct.pack('QQ', 64, 64)), 0)",
        manner_of(processes.file_limit),
        old_landlock=True,
    ),
    Attack(
        "bind a neighbour to a processor",
        "os.sched_setaffinity(pid, {0})",
        manner_of(processes.processors),
    ),
    Attack(
        "let a neighbour wait for the disk",
        "call(251, 1, pid, 3 << 13)",
        manner_of(processes.disk_priority),
    ),
    Attack(
        "let a neighbour be idle",
        "os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))",
        manner_of(processes.scheduling),
    ),
    Attack(
        "let a neighbour be killed first",
        "Path(f'/proc/{pid}/oom_score_adj').write_text('900')",
        manner_of(processes.killing_order),
    ),
    Attack(
        "measure a neighbour",
        """
        event = ctypes.create_string_buffer(struct.pack("IIQQQQQ", 1, 64, 0, 0, 0, 0, 0x60), 64)
        fd = call(298, event, pid, -1, -1, 0)
        hold()
        """,
        measured,
    ),
    Attack("end the render process", "os.kill(os.getppid(), 9); hold()", processes.render_process),
    Attack("write on a terminal", "open(path, 'w').write('evil')", terminal),
    Attack(
        "type on a terminal",
        """
        import fcntl, termios
        os.setsid() if os.getsid(0) != os.getpid() else None
        fd = os.open(path, os.O_RDWR)
        fcntl.ioctl(fd, termios.TIOCSCTTY, 0)
        for letter in b"evil\\n":
            fcntl.ioctl(fd, termios.TIOCSTI, bytes([letter]))
        """,
        terminal,
    ),
)

EXECUTION = (
    Attack("run a shell", "say('HOLD'); os.system('sleep 2')", judged_by(foreign_program)),
    Attack(
        "run a program",
        "import subprocess; subprocess.Popen(['/bin/sleep', '2']); hold()",
        judged_by(foreign_program),
        old_landlock=True,
    ),
    Attack(
        "become another program",
        "keep_open(); say('HOLD'); os.execv('/bin/sleep', ['sleep', '2'])",
        judged_by(foreign_program),
        old_landlock=True,
    ),
    Attack(
        "spawn a program",
        "os.posix_spawn('/bin/sleep', ['sleep', '2'], {}); hold()",
        judged_by(foreign_program),
    ),
    Attack(
        "run a shell from C", "say('HOLD'); libc.system(b'sleep 2')", judged_by(foreign_program)
    ),
    Attack(
        "run a program that is nowhere",
        """
        fd = os.memfd_create("evil", 0)
        os.write(fd, Path("/bin/sleep").read_bytes())
        keep_open(); say("HOLD")
        os.execve(fd, ["sleep", "2"], {})
        """,
        judged_by(foreign_program),
        old_landlock=True,
    ),
    Attack(
        "run a descriptor by call",
        """
        fd = os.open("/bin/sleep", os.O_RDONLY)
        words = (ctypes.c_char_p * 3)(b"sleep", b"2", None)
        keep_open(); say("HOLD")
        call(322, fd, b"", words, None, 0x1000)
        """,
        judged_by(foreign_program),
    ),
    Attack(
        "run what it dropped",
        """
        Path("dropped").write_bytes(Path("/bin/sleep").read_bytes())
        os.chmod("dropped", 0o700)
        keep_open(); say("HOLD")
        os.execv("./dropped", ["dropped", "2"])
        """,
        judged_by(foreign_program),
        old_landlock=True,
    ),
    Attack(
        "run what it dropped without changing a mode",
        """
        fd = os.open("dropped", os.O_CREAT | os.O_WRONLY, 0o700)
        os.write(fd, Path("/bin/sleep").read_bytes())
        os.close(fd)
        keep_open(); say("HOLD")
        os.execv("./dropped", ["dropped", "2"])
        """,
        judged_by(foreign_program),
    ),
    Attack(
        "run a program through its loader",
        """
        keep_open(); say("HOLD")
        os.execv("/lib64/ld-linux-x86-64.so.2", ["ld", "/bin/sleep", "2"])
        """,
        judged_by(foreign_program),
    ),
    Attack(
        "run a program that runs as another",
        """
        import pty
        pty.fork()
        say("HOLD")
        os.execv("/bin/su", ["su", "nobody"])
        """,
        judged_by(foreign_program),
    ),
    Attack(
        "start Python anew",
        """
        import subprocess
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(2)"]); hold()
        """,
        judged_by(children),
    ),
    Attack(
        "fork",
        "if os.fork() == 0: time.sleep(2); os._exit(0)\nhold()",
        judged_by(children),
        old_landlock=True,
    ),
    Attack(
        "fork by call",
        "if call(57) == 0: time.sleep(2); os._exit(0)\nhold()",
        judged_by(children),
    ),
    Attack(
        "clone by call",
        "if call(56, 17, 0, 0, 0, 0) == 0: time.sleep(2); os._exit(0)\nhold()",
        judged_by(children),
    ),
    Attack(
        "clone by the newest call",
        """
        given = ctypes.create_string_buffer(struct.pack("11Q", *[0] * 4, 17, *[0] * 6), 88)
        if call(435, given, 88) == 0:
            time.sleep(2)
            os._exit(0)
        hold()
        """,
        judged_by(children),
    ),
    Attack(
        "work in several processes",
        """
        import multiprocessing
        multiprocessing.get_context("fork").Process(target=time.sleep, args=(2,)).start()
        hold()
        """,
        judged_by(children),
    ),
    Attack(
        "live on as a daemon",
        """
        import subprocess
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/bin/sh", ["sh", "-c", f"sleep 4; : {mark}"])
            os._exit(0)
        time.sleep(0.3)
        """,
        survivor,
    ),
    Attack(
        "live on in a session of its own",
        """
        import subprocess
        subprocess.Popen(["/bin/sh", "-c", f"sleep 4; : {mark}"], start_new_session=True)
        """,
        survivor,
    ),
)
