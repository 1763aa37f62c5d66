"""What screening knows of Python: which modules scenes may use, and what each other name does."""

import sys
from dataclasses import dataclass

from desktop.domain.errors import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of deed: what is said about it, and what to do instead."""

    deed: str
    """How the sentence goes on: "This line ..."."""
    remedy: str
    severity: Severity = Severity.ERROR


ALONE = "Remove it: a scene has no other programs, no network and no files of yours."
OWN_DATA = "Write the data into the scene, or show pictures with ImageMobject or SVGMobject."
PLAIN = "Write it in plain Python, by its own name."

FILES = Rule("reads or writes files", OWN_DATA)
LOOKS = Rule("looks at files and folders", OWN_DATA, Severity.WARNING)
DATA = Rule("reads or writes a file of data", OWN_DATA, Severity.WARNING)
PROGRAMS = Rule("starts or stops programs", ALONE)
NETWORK = Rule("uses the network", ALONE)
NATIVE = Rule("calls machine code past Python", "Remove it: Manim and numpy do what a scene needs.")
TEXT_AS_CODE = Rule("runs text as code", PLAIN)
BY_NAME = Rule("loads modules by name", "Import what you need at the top, by name.")
INSIDES = Rule("reaches into the insides of Python", PLAIN)
SYSTEM = Rule("reaches for the system", ALONE)
SETTINGS = Rule("reads settings of the computer", ALONE)
REBUILT = Rule("puts a name together to reach something by it", PLAIN, Severity.WARNING)
LOOKED_UP = Rule("looks names up in tables of Python", PLAIN, Severity.WARNING)
THREADS = Rule("works beside the scene", "Remove it: a scene runs in one piece.", Severity.WARNING)
WAITS = Rule("waits without showing anything", "Use self.wait().", Severity.WARNING)
ASKS = Rule("waits for someone to type", "Remove it: nobody can type while a scene is drawn.")
ENDLESS = Rule("begins a loop that never ends", "Let it end by break or return.", Severity.WARNING)
HUGE = Rule("asks for a very large amount of memory or time", "Use less.", Severity.WARNING)
PATHS = Rule("changes where modules come from", "Put modules beside the file.", Severity.WARNING)
UNKNOWN = Rule(
    "imports “{name}”, which may not be there when the scene is drawn",
    "Use Manim, numpy or the standard library, or put the module beside the file.",
    Severity.WARNING,
)
STAR = Rule(
    "imports every name of “{name}”, whatever they are",
    "Import the names you use.",
    Severity.WARNING,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _each(names: str, rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(_words(names), rule)


ALLOWED = _words(
    """
    manim proofreel_kit numpy scipy networkx PIL typst pygments colour cairo pathops mapbox_earcut
    isosurfaces svgelements manimpango moderngl manim_slides manim_voiceover manim_physics
    __future__ abc array base64 bisect calendar cmath collections colorsys contextlib copy csv
    dataclasses datetime decimal difflib enum fractions functools graphlib hashlib heapq html io
    itertools json logging math numbers operator os pathlib pprint queue random re secrets
    statistics string struct sys textwrap time timeit traceback types typing typing_extensions
    unicodedata uuid warnings weakref zlib zoneinfo
    """
)
"""Modules that are imported without a word; what some of their names do is another question."""

MODULES = {
    **_each("subprocess multiprocessing pty _posixsubprocess signal psutil sched", PROGRAMS),
    **_each(
        "socket _socket ssl http urllib requests httpx aiohttp ftplib smtplib poplib imaplib"
        " telnetlib xmlrpc socketserver selectors select webbrowser asyncio boto3 botocore",
        NETWORK,
    ),
    **_each("ctypes _ctypes cffi mmap fcntl termios tty resource faulthandler", NATIVE),
    **_each("shutil tempfile glob fileinput zipfile tarfile gzip bz2 lzma sqlite3 dbm", FILES),
    **_each("pickle _pickle marshal shelve dill cloudpickle joblib code codeop", TEXT_AS_CODE),
    **_each("importlib imp runpy pkgutil zipimport site ensurepip pip setuptools", BY_NAME),
    **_each("builtins gc dis sysconfig _io _imp _thread tracemalloc", INSIDES),
    **_each("posix nt pwd grp spwd syslog getpass keyring winreg msvcrt desktop", SYSTEM),
    **_each("platform", SETTINGS),
    **_each("threading concurrent atexit", THREADS),
    "inspect": LOOKED_UP,
}

STANDARD = sys.stdlib_module_names

BUILTINS = {
    **_each("eval exec compile", TEXT_AS_CODE),
    "__import__": BY_NAME,
    "open": FILES,
    **_each("input breakpoint", ASKS),
    **_each("globals vars locals", LOOKED_UP),
    **_each("__builtins__ __loader__ __spec__", INSIDES),
}

OS_FINE = _words("path sep linesep fspath PathLike curdir pardir extsep name")

SYS_FINE = _words(
    "argv byteorder exit float_info getrecursionlimit getsizeof maxsize platform setrecursionlimit"
    " stderr stdout version version_info"
)

NAMES = {
    **{
        f"os.{name}": PROGRAMS
        for name in _words(
            "system popen execv execve execvp execl execle execlp spawnv spawnl spawnlp spawnvp"
            " fork forkpty posix_spawn posix_spawnp kill killpg startfile abort _exit wait waitpid"
        )
    },
    **{f"os.{name}": LOOKS for name in _words("listdir walk scandir getcwd stat lstat access")},
    **{f"os.{name}": FILES for name in _words("makedirs mkdir remove unlink rename replace")},
    **_each("os.environ os.getenv os.environb os.uname os.getlogin", SETTINGS),
    "sys.path": PATHS,
    "time.sleep": WAITS,
    **_each("io.open io.open_code io.FileIO io.OpenWrapper", FILES),
    **_each("types.FunctionType types.CodeType types.ModuleType", INSIDES),
    **_each("warnings.os warnings.sys logging.os random._os", INSIDES),
    **_each("logging.FileHandler logging.basicConfig", LOOKS),
    **_each("logging.config logging.handlers", NETWORK),
    **_each(
        "numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.save numpy.savez"
        " numpy.savetxt numpy.savez_compressed numpy.memmap",
        DATA,
    ),
    **_each("numpy.ctypeslib numpy.f2py numpy.distutils", NATIVE),
    **_each("manim.utils.file_ops", FILES),
}
"""What names of otherwise allowed modules do; a name stands for everything below it too."""

METHODS = {
    **_each("write_text write_bytes symlink_to hardlink_to", FILES),
    **_each("read_text read_bytes iterdir rglob", LOOKS),
    **_each("tofile", DATA),
    **_each("format_map", REBUILT),
}
"""Methods that say by their name alone what they do."""

PATH_METHODS = {
    **_each("open unlink rmdir mkdir touch rename replace chmod", FILES),
    **_each("glob stat exists is_file is_dir resolve home cwd expanduser", LOOKS),
}
"""Methods of paths whose names mean other things elsewhere."""

DUNDERS = _words(
    """
    __subclasses__ __bases__ __base__ __mro__ mro __globals__ __builtins__ __code__ __closure__
    __getattribute__ __reduce__ __reduce_ex__ __import__ __loader__ __spec__ __self__ __func__
    __subclasshook__ __init_subclass__ __wrapped__ __defaults__ __kwdefaults__
    f_globals f_locals f_back f_builtins f_code gi_frame gi_code cr_frame ag_frame tb_frame tb_next
    co_code _getframe _current_frames
    """
)
"""Attributes through which everything else can be reached."""

INHERITED = frozenset({"__init_subclass__", "__getattribute__", "__reduce__", "__reduce_ex__"})
"""Those of them that a class may call on ``super()``."""

THROUGH = _words("os sys subprocess socket ctypes builtins importlib shutil posix _os _sys sp")
"""Modules that other modules have among their attributes."""

LARGE = 10**9

SIZED = frozenset({"bytearray", "bytes", "range", "numpy.zeros", "numpy.ones", "numpy.empty"})
"""Calls whose first arguments say how large something gets."""

PARTS = {"os": (OS_FINE, SYSTEM), "sys": (SYS_FINE, INSIDES)}
"""Modules of which only some names are fine, and what the others do."""
