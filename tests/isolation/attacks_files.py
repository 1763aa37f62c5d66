"""Attacks on files: read what is secret, write where nothing of a scene belongs."""

import sys
import sysconfig
from pathlib import Path

from desktop.rendering.keys import kit_folder
from tests.isolation import processes, victims
from tests.isolation.attack import Attack, Victim
from tests.isolation.listeners import judged_by
from tests.isolation.pixels import DRAW
from tests.isolation.victims import absent, kept_in, precious, secret_file, unnamed_in, within
from tests.isolation.world import World


def settings_for_others(world: World) -> Victim:
    """Aim at the home that the render process keeps for all scenes."""

    def judge(_text: str) -> str:
        found = list(world.scratch.glob("zygote-*/home/evil.conf"))
        for path in found:
            path.unlink()
        return "every later scene finds it" if found else ""

    return Victim({"path": world.scratch}, judge)


READ = "say(Path(path).read_text())"

SECRETS = (
    Attack("read the keys of AWS", READ, secret_file(".aws/config"), old_landlock=True),
    Attack("read an SSH key", READ, secret_file(".ssh/id_ed25519"), old_landlock=True),
    Attack("read another project", READ, secret_file("Films/other/storyboard.md")),
    Attack("read the file of the keyring", READ, secret_file(".local/share/keyrings/a.keyring")),
    Attack("read the library of projects", READ, secret_file(".local/share/proofreel/library.db")),
    Attack(
        "read the folder of another job",
        READ,
        kept_in(lambda world: world.scratch / "job-1-other" / "source" / "data.csv"),
        old_landlock=True,
    ),
    Attack("read a take in the store", READ, kept_in(lambda world: world.store / "ab" / "cd.mp4")),
    Attack("read the accounts of the machine", READ, victims.accounts),
    Attack("list a folder of the home", "say(os.listdir(path))", victims.secret_name),
    Attack(
        "walk through the home",
        "for found in os.walk(Path(path).parent): say(found)",
        victims.secret_name,
    ),
    Attack("read through dots", "say(open(os.path.relpath(path)).read())", secret_file()),
    Attack(
        "read through a link of its own",
        "os.symlink(path, 'link'); say(Path('link').read_text())",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "read through a second name",
        "os.link(path, 'name'); say(Path('name').read_text())",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "read through its own root",
        "say(Path('/proc/self/root' + path).read_text())",
        secret_file(),
    ),
    Attack(
        "read through the studio's root",
        "say(Path(f'/proc/{pid}/root{path}').read_text())",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "read through the render process's root",
        "say(Path(f'/proc/{os.getppid()}/root{path}').read_text())",
        secret_file(),
    ),
    Attack(
        "read what the studio has open",
        "say(Path(f'/proc/{pid}/fd/{descriptor}').read_text())",
        victims.open_file,
    ),
    Attack(
        "read from what it inherited",
        """
        for number in range(3, 300):
            try:
                say(os.pread(number, 100, 0))
            except OSError:
                pass
        """,
        victims.open_file,
    ),
    Attack(
        "read a path by its handle alone",
        """
        handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
        mount = ctypes.c_int()
        call(303, -100, path.encode(), handle, ctypes.byref(mount), 0)
        for folder in ("/", path.rsplit("/", 1)[0], "/tmp"):
            try:
                fd = call(304, os.open(folder, os.O_RDONLY), handle, os.O_RDONLY)
                say(os.read(fd, 100))
            except OSError as error:
                say(error)
        """,
        secret_file(),
    ),
    Attack(
        "read through a descriptor that only names",
        "fd = os.open(path, os.O_PATH); say(Path(f'/proc/self/fd/{fd}').read_text())",
        secret_file(),
        old_landlock=True,
    ),
    Attack(
        "read with the C library",
        """
        libc.fopen.restype = ctypes.c_void_p
        buffer = ctypes.create_string_buffer(100)
        libc.fgets(buffer, 100, ctypes.c_void_p(libc.fopen(path.encode(), b"r")))
        say(buffer.value)
        """,
        secret_file(),
    ),
    Attack(
        "read with Typst",
        """
        import typst
        code = '#panic(read("' + path + '"))'
        typst.compile(code.encode(), root="/", format="svg")
        """,
        secret_file(),
        construct=True,
    ),
    Attack(
        "read with NumPy",
        "import numpy; say(bytes(numpy.fromfile(path, dtype='uint8')))",
        secret_file(),
        construct=True,
    ),
    Attack(
        "draw what it read",
        DRAW,
        secret_file(),
        construct=True,
        render=True,
    ),
    Attack(
        "import a module of others",
        "sys.path.insert(0, path); import credentials_of_others as c; say(c.KEY)",
        victims.secret_module,
    ),
)

SITE = Path(sysconfig.get_path("purelib"))

WRITING = (
    Attack("append to .bashrc", "open(path, 'a').write('evil')", precious(".bashrc")),
    Attack(
        "start with the session",
        "os.makedirs(os.path.dirname(path), exist_ok=True); open(path, 'w').write('[Desktop')",
        absent(".config/autostart/evil.desktop"),
    ),
    Attack(
        "write into another project",
        "Path(path).write_text('evil')",
        precious("Films/other/scene.py"),
        old_landlock=True,
    ),
    Attack(
        "write beside the studio's folders",
        "Path(path).write_text('evil')",
        within(lambda world: world.root / "evil.txt"),
    ),
    Attack(
        "write into the Python of the studio",
        "fd = os.open(path, os.O_TMPFILE | os.O_RDWR, 0o600); hold()",
        unnamed_in(SITE),
    ),
    Attack(
        "write into the program",
        "fd = os.open(path, os.O_TMPFILE | os.O_RDWR, 0o600); hold()",
        unnamed_in(Path(kit_folder())),
    ),
    Attack(
        "write into the interpreter's library",
        "fd = os.open(path, os.O_TMPFILE | os.O_RDWR, 0o600); hold()",
        unnamed_in(Path(sys.base_prefix)),
    ),
    Attack(
        "plant a module for the next start",
        "Path(path).write_text('import os')",
        absent("site-packages/evil.pth"),
    ),
    Attack(
        "write into the cache of fonts",
        "Path(path).write_text('evil')",
        absent(".cache/fontconfig/evil"),
    ),
    Attack(
        "write into the cache of TeX",
        "Path(path).write_text('evil')",
        absent(".texlive/texmf-var/evil"),
    ),
    Attack(
        "let Manim write elsewhere",
        "config.media_dir = path; Text('evil'); self.add(MathTypst('x'))",
        absent(),
        construct=True,
    ),
    Attack(
        "write into the folder of another job",
        "Path(path).write_text('evil')",
        within(lambda world: world.scratch / "job-1-another" / "evil"),
        old_landlock=True,
    ),
    Attack(
        "poison the store",
        "Path(path).write_text('evil')",
        within(lambda world: world.store / "ab" / "evil.mp4"),
        old_landlock=True,
    ),
    Attack(
        "rename something out of its folder",
        "Path('made').touch(); os.rename('made', path)",
        absent(),
        old_landlock=True,
    ),
    Attack(
        "rename over a file of others",
        "Path('made').write_text('evil'); os.replace('made', path)",
        precious(),
        old_landlock=True,
    ),
    Attack("delete a file of others", "os.unlink(path)", precious(), old_landlock=True),
    Attack("move a file of others", "os.rename(path, path + '.gone')", precious()),
    Attack("link to a place outside", "os.symlink('/etc', path)", absent(), old_landlock=True),
    Attack(
        "give its file a name outside",
        "Path('made').touch(); os.link('made', path)",
        absent(),
        old_landlock=True,
    ),
    Attack("make a folder outside", "os.mkdir(path)", absent(), old_landlock=True),
    Attack("make a pipe outside", "os.mkfifo(path)", absent(), old_landlock=True),
    Attack(
        "make a socket outside",
        "socket.socket(socket.AF_UNIX).bind(path)",
        within(lambda world: world.root / "evil.socket"),
    ),
    Attack(
        "make a device",
        "os.mknod('device', 0o20666, os.makedev(1, 3)); hold()",
        judged_by(processes.device_in),
    ),
    Attack(
        "mount something",
        """
        os.mkdir("mounted")
        if libc.mount(b"none", b"mounted", b"tmpfs", 0, None):
            raise OSError(ctypes.get_errno(), "mount")
        hold()
        """,
        judged_by(processes.has_mounted),
    ),
    Attack("change the root", "os.chroot('/proc'); hold()", judged_by(processes.other_root)),
    Attack("change a mode", "os.chmod(path, 0o777)", precious(), old_landlock=True),
    Attack("change an owner", "os.chown(path, 1, 1)", precious(), old_landlock=True),
    Attack("change a time", "os.utime(path, (1, 1))", precious(), old_landlock=True),
    Attack(
        "change a time of what is open for naming",
        "fd = os.open(path, os.O_PATH); os.utime(f'/proc/self/fd/{fd}', (1, 1))",
        precious(),
    ),
    Attack(
        "change an attribute",
        "os.setxattr(path, 'user.note', b'evil')",
        precious(),
        old_landlock=True,
    ),
    Attack(
        "remove an attribute", "os.removexattr(path, 'user.note')", precious(), old_landlock=True
    ),
    Attack("cut a file", "os.truncate(path, 3)", precious(), old_landlock=True),
    Attack(
        "cut a file that is opened for reading",
        "os.open(path, os.O_RDONLY | os.O_TRUNC)",
        precious(),
        old_landlock=True,
    ),
    Attack(
        "write through its own root",
        "open('/proc/self/root' + path, 'w').write('evil')",
        precious(),
    ),
    Attack(
        "write through the studio's root",
        "open(f'/proc/{pid}/root{path}', 'w').write('evil')",
        precious(),
    ),
    Attack(
        "write to what the studio has open",
        "open(f'/proc/{pid}/fd/{descriptor}', 'w').write('evil')",
        victims.open_file,
    ),
    Attack(
        "make a database outside",
        "import sqlite3; sqlite3.connect(path).execute('create table evil (x)')",
        absent(),
    ),
    Attack(
        "leave settings for the scenes that follow",
        """
        for home in Path(path).glob("zygote-*/home"):
            (home / "evil.conf").write_text("evil")
            say(home)
        """,
        settings_for_others,
        old_landlock=True,
    ),
)
