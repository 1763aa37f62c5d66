"""Attacks on the machine's resources, each far too small to hurt the machine that tests run on."""

from tests.isolation import burdens, processes
from tests.isolation.attack import Attack
from tests.isolation.burdens import OVERTIME, SMALL, lasting
from tests.isolation.listeners import judged_by
from tests.isolation.victims import Aim


def burden(name: str, code: str, victim: Aim) -> Attack:
    """Return an attack that is given little."""
    return Attack(name, code, victim, limits=SMALL, patience=5.0, together=True)


DEEP = """
for _level in range(1500):
    os.mkdir("d")
    os.chdir("d")
"""
FILL = """
piece = os.urandom(1 << 20)
say("HOLD")
for number in range(240):
    with open(f"f{number // 24}", "ab") as file:
        file.write(piece)
time.sleep(4)
"""

RESOURCES = (
    burden(
        "take much memory",
        "hoard = [bytearray(os.urandom(1 << 20) * 20) for _ in range(35)]; hold()",
        lasting(burdens.memory),
    ),
    burden(
        "take much memory in several processes",
        """
        for _ in range(4):
            if os.fork() == 0:
                hoard = bytearray(os.urandom(1 << 20) * 200)
                time.sleep(5)
                os._exit(0)
        hold()
        time.sleep(2)
        """,
        lasting(burdens.memory),
    ),
    burden(
        "hide memory in files without a name",
        """
        held = [os.memfd_create(str(number)) for number in range(16)]
        for fd in held:
            for _ in range(40):
                os.write(fd, bytes(1 << 20))
        hold()
        """,
        lasting(burdens.hidden_memory),
    ),
    burden("never end", "say('HOLD')\nwhile time.time(): pass", lasting(burdens.running, OVERTIME)),
    burden(
        "never end and catch everything",
        """
        say("HOLD")
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """,
        lasting(burdens.running, OVERTIME),
    ),
    burden(
        "ignore every signal",
        """
        import signal
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        say("HOLD")
        time.sleep(6)
        """,
        lasting(burdens.running, OVERTIME),
    ),
    burden(
        "stop itself", "say('HOLD'); os.kill(os.getpid(), 19)", lasting(burdens.running, OVERTIME)
    ),
    burden("fill the disk", FILL, judged_by(burdens.disk)),
    burden(
        "fill the disk with one file",
        """
        piece = os.urandom(1 << 20)
        say("HOLD")
        with open("f", "wb") as file:
            for _ in range(240):
                file.write(piece)
        time.sleep(3)
        """,
        judged_by(burdens.disk),
    ),
    burden(
        "fill the disk without writing",
        """
        say("HOLD")
        fd = os.open("f", os.O_CREAT | os.O_RDWR)
        os.posix_fallocate(fd, 0, 200 << 20)
        time.sleep(3)
        """,
        judged_by(burdens.disk),
    ),
    burden(
        "fill the disk with many files without writing",
        """
        say("HOLD")
        for number in range(12):
            fd = os.open(f"f{number}", os.O_CREAT | os.O_RDWR)
            os.posix_fallocate(fd, 0, 40 << 20)
        time.sleep(3)
        """,
        judged_by(burdens.disk),
    ),
    burden(
        "hide what fills the disk",
        """
        piece = os.urandom(1 << 20)
        held = []
        for number in range(6):
            held.append(open(f"f{number}", "wb"))
            os.unlink(f"f{number}")
            for _ in range(40):
                held[-1].write(piece)
        hold()
        """,
        lasting(burdens.hidden_disk),
    ),
    burden("blind the watchdog and fill the disk", DEEP + FILL, judged_by(burdens.disk)),
    burden(
        "blind the watchdog and never end",
        DEEP + "say('HOLD')\nwhile time.time(): pass",
        lasting(burdens.running, OVERTIME),
    ),
    burden(
        "make many files",
        """
        say("HOLD")
        for number in range(24_000):
            os.close(os.open(f"f{number}", os.O_CREAT))
        time.sleep(3)
        """,
        lasting(burdens.files, 0.5),
    ),
    burden(
        "print without end",
        "say('HOLD')\nfor _ in range(30): os.write(1, b'x' * (1 << 20))\ntime.sleep(3)",
        lasting(burdens.log),
    ),
    burden(
        "open many files",
        "held = [os.open('started', os.O_RDONLY) for _ in range(3000)]; hold()",
        judged_by(processes.many_files),
    ),
    burden(
        "raise its limits",
        """
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (9000, 9000))
        hold()
        """,
        judged_by(processes.raised_limit),
    ),
    burden(
        "start many processes",
        """
        for _ in range(30):
            if os.fork() == 0:
                time.sleep(3)
                os._exit(0)
        hold()
        """,
        judged_by(processes.many_children),
    ),
)
