"""Attacks by raw system calls, by tricks of Python, and on what the system tells about others."""

from tests.isolation import processes
from tests.isolation.attack import Attack
from tests.isolation.listeners import judged_by
from tests.isolation.processes import neighbour, other_namespace
from tests.isolation.victims import held_open, metadata, secret_file

SYSCALLS = (
    Attack(
        "open by call",
        "fd = call(257, -100, path.encode(), 0, 0); say(os.read(fd, 100))",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "open by the old call",
        "fd = call(2, path.encode(), 0, 0); say(os.read(fd, 100))",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "open by the newest call",
        """
        how = ctypes.create_string_buffer(struct.pack("QQQ", 0, 0, 0), 24)
        fd = call(437, -100, path.encode(), how, 24)
        say(os.read(fd, 100))
        """,
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "open by a call with numbers of another kind",
        "fd = call(0x40000000 | 257, -100, path.encode(), 0, 0); say(os.read(fd, 100))",
        secret_file(),
    ),
    Attack(
        "call as programs of 32 bits do",
        """
        import mmap
        # mov eax, 37 (kill); mov ebx, pid; mov ecx, 10; int 0x80; ret; rbx is kept
        code = (b"\\x53\\xb8" + struct.pack("<I", 37) + b"\\xbb" + struct.pack("<I", pid)
            + b"\\xb9" + struct.pack("<I", 10) + b"\\xcd\\x80\\x5b\\xc3")
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        place = ctypes.addressof(ctypes.c_char.from_buffer(page))
        say(ctypes.CFUNCTYPE(ctypes.c_int)(place)())
        """,
        neighbour,
        old_landlock=True,
    ),
    Attack(
        "open a ring of requests",
        "fd = call(425, 4, ctypes.create_string_buffer(120)); hold()",
        held_open("[io_uring]"),
    ),
    Attack(
        "load a map into the kernel",
        """
        given = ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 8, 1), 72)
        fd = call(321, 0, given, 72)
        hold()
        """,
        held_open("bpf-map"),
    ),
    Attack("handle its own faults", "fd = call(323, 1); hold()", held_open("[userfaultfd]")),
    Attack("watch all files", "fd = call(300, 0, 0); hold()", held_open("[fanotify]")),
    Attack("prepare a mount", "fd = call(430, b'tmpfs', 0); hold()", held_open("[fscontext]")),
    Attack(
        "copy a mount", "fd = call(428, -100, b'/', 1); hold()", judged_by(processes.cloned_tree)
    ),
    Attack("become root of its own", "call(272, 0x10000000); hold()", other_namespace("user")),
    Attack(
        "have its own network", "call(272, 0x10000000 | 0x40000000); hold()", other_namespace("net")
    ),
    Attack("have its own mounts", "call(272, 0x20000); hold()", other_namespace("mnt")),
    Attack(
        "clone into namespaces",
        "if call(56, 0x10000011, 0, 0, 0, 0) == 0: time.sleep(2); os._exit(0)\nhold()",
        other_namespace("user"),
    ),
)

TRICKS = (
    Attack(
        "hide in a pickle",
        """
        import pickle
        class Evil:
            def __reduce__(self):
                return eval, (f"print(open({path!r}).read(), flush=True)",)
        pickle.loads(pickle.dumps(Evil()))
        """,
        secret_file(),
    ),
    Attack(
        "hide in a class",
        """
        class Base:
            def __init_subclass__(cls):
                say(open(path).read())
        class Evil(Base):
            pass
        """,
        secret_file(),
    ),
    Attack(
        "reach builtins through a tuple",
        """
        for kind in ().__class__.__base__.__subclasses__():
            if kind.__name__ == "_wrap_close":
                say(kind.__init__.__globals__["open"](path, 0).__class__)
                fd = kind.__init__.__globals__["open"](path, 0)
                say(kind.__init__.__globals__["read"](fd, 100))
        """,
        secret_file(),
    ),
    Attack(
        "hide in code that is made",
        "exec(compile('say(' + 'op' + 'en(path).read())', 'x', 'exec'))",
        secret_file(),
    ),
    Attack(
        "hide in an animation",
        """
        class Evil(Animation):
            def interpolate_mobject(self, alpha):
                say(open(path).read())
        self.play(Evil(Dot()))
        """,
        secret_file(),
        construct=True,
    ),
    Attack(
        "hide in a thread",
        """
        import threading
        thread = threading.Thread(target=lambda: say(open(path).read()))
        thread.start()
        thread.join()
        """,
        secret_file(),
    ),
    Attack(
        "hide in what runs at the end",
        """
        class Evil:
            def __del__(self):
                say(open(path).read())
        evil = Evil()
        del evil
        """,
        secret_file(),
    ),
    Attack(
        "tell by an error",
        "raise ValueError(Path(path).read_text())",
        secret_file(),
    ),
    Attack(
        "tell by its report",
        """
        import json
        secret = Path(path).read_text()
        for number in range(3, 60):
            try:
                os.write(number, json.dumps({"event": "failed", "message": secret,
                    "remedy": secret}).encode() + b"\\n")
            except OSError:
                pass
        """,
        secret_file(),
    ),
    Attack(
        "tell by a file it leaves",
        "Path('../told').write_text(Path(path).read_text())",
        secret_file(),
    ),
    Attack(
        "ask the debugger of Python",
        """
        import sys
        frame = sys._getframe()
        while frame:
            for name, value in list(frame.f_locals.items()):
                if isinstance(value, (bytes, bytearray, str)) and "canary" in str(value):
                    say(name, value)
            frame = frame.f_back
        import gc
        for thing in gc.get_objects():
            if isinstance(thing, dict) and "STUDIO_SECRET" in thing:
                say(thing["STUDIO_SECRET"])
        """,
        processes.studio_environment,
    ),
)

METADATA = (
    Attack("see how long a file is", "say(os.stat(path).st_size)", metadata("size")),
    Attack("see where a link leads", "say(os.readlink(path))", metadata("link")),
    Attack("see an attribute", "say(os.getxattr(path, 'user.note'))", metadata("attribute")),
    Attack("list attributes", "say(os.listxattr(path))", metadata("attributes"), old_landlock=True),
    Attack(
        "watch a folder",
        """
        fd = call(253)
        call(254, fd, path.encode(), 0xfff)
        hold()
        """,
        processes.watched_folder,
        old_landlock=True,
    ),
    Attack(
        "know the ports in use",
        "say(Path('/proc/net/tcp').read_text())",
        processes.ports,
        old_landlock=True,
    ),
    Attack(
        "know what a neighbour runs",
        "say(Path(f'/proc/{pid}/cmdline').read_bytes())",
        neighbour,
        old_landlock=True,
    ),
)
