"""Starts a process in its container and its Job object: ``windows_launch PLAN COMMAND...``.

Runs on Windows only, and has not been run there yet: ``windows`` holds what could be tested. The
process is made suspended and is a member of the job before its first instruction; its handles are
the three standard streams. When this launcher ends, however that happens, the job ends with it.
"""

import ctypes
import json
import os
import subprocess
import sys
from typing import Any

from desktop.rendering.isolation import windows
from desktop.rendering.isolation.windows import Plan

# of winbase.h, processthreadsapi.h and winnt.h
SUSPENDED, UNICODE_ENVIRONMENT, EXTENDED_STARTUP, NO_WINDOW = 0x4, 0x400, 0x80000, 0x08000000
USE_STANDARD_HANDLES = 0x100
ATTRIBUTE_HANDLE_LIST, ATTRIBUTE_SECURITY_CAPABILITIES = 0x20002, 0x20009
ATTRIBUTE_CHILD_PROCESS_POLICY, NO_CHILD_PROCESS = 0x2000E, 0x1
EXTENDED_LIMITS, UI_LIMITS = 9, 4
"""Kinds of information of a Job object."""
GROUP_ENABLED = 0x4
ALREADY_THERE = -0x7FF8FF49
"""HRESULT of a container that exists, 0x800700B7."""
FOR_EVER = 0xFFFFFFFF
STANDARD_STREAMS = (-10, -11, -12)


Handles = ctypes.Array[ctypes.c_void_p]
Buffer = ctypes.Array[ctypes.c_char]


class SidAndAttributes(ctypes.Structure):
    """``SID_AND_ATTRIBUTES``."""

    _fields_ = (("sid", ctypes.c_void_p), ("attributes", ctypes.c_uint32))


class StartupInfo(ctypes.Structure):
    """``STARTUPINFOEXW``."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("reserved", ctypes.c_wchar_p),
        ("desktop", ctypes.c_wchar_p),
        ("title", ctypes.c_wchar_p),
        ("place", ctypes.c_uint32 * 7),
        ("flags", ctypes.c_uint32),
        ("show", ctypes.c_uint16),
        ("reserved_bytes", ctypes.c_uint16),
        ("reserved_pointer", ctypes.c_void_p),
        ("streams", ctypes.c_void_p * 3),
        ("attributes", ctypes.c_void_p),
    )


class ProcessInformation(ctypes.Structure):
    """``PROCESS_INFORMATION``."""

    _fields_ = (
        ("process", ctypes.c_void_p),
        ("thread", ctypes.c_void_p),
        ("process_id", ctypes.c_uint32),
        ("thread_id", ctypes.c_uint32),
    )


class Windows:
    """The calls that are needed; each raises OSError when it fails."""

    def __init__(self) -> None:
        loader: Any = getattr(ctypes, "WinDLL", None)
        if loader is None:
            raise OSError("This is not Windows")
        self._kernel = loader("kernel32", use_last_error=True)
        self._security = loader("advapi32", use_last_error=True)
        self._profiles = loader("userenv", use_last_error=True)
        self._kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._kernel.GetStdHandle.restype = ctypes.c_void_p

    def container(self, name: str) -> None:
        """Make the profile of a container, unless it is there."""
        sid = ctypes.c_void_p()
        result = self._profiles.CreateAppContainerProfile(
            name, "Proofreel render", "Draws one scene", None, 0, ctypes.byref(sid)
        )
        if result not in {0, ALREADY_THERE}:
            raise OSError(f"No container could be made (HRESULT {result & 0xFFFFFFFF:#010x})")

    def sid(self, text: str) -> ctypes.c_void_p:
        """Return a SID in the form of the system."""
        found = ctypes.c_void_p()
        self._check(self._security.ConvertStringSidToSidW(text, ctypes.byref(found)))
        return found

    def job(self, limits: ctypes.Structure) -> ctypes.c_void_p:
        """Return a Job object with limits; closing it ends what is in it."""
        job = ctypes.c_void_p(self._kernel.CreateJobObjectW(None, None))
        self._check(bool(job))
        ui = ctypes.c_uint32(windows.EVERY_UI_LIMIT)
        for kind, value in ((EXTENDED_LIMITS, limits), (UI_LIMITS, ui)):
            size = ctypes.sizeof(value)
            self._check(self._kernel.SetInformationJobObject(job, kind, ctypes.byref(value), size))
        return job

    def streams(self) -> Handles:
        """Return the handles of the standard streams, which the process inherits and no other."""
        handles = (ctypes.c_void_p * 3)(*map(self._kernel.GetStdHandle, STANDARD_STREAMS))
        for handle in handles:
            self._check(self._kernel.SetHandleInformation(ctypes.c_void_p(handle), 1, 1))
        return handles

    def attributes(self, values: dict[int, Any]) -> Buffer:
        """Return a list of attributes for a new process; the values must be kept alive."""
        size = ctypes.c_size_t()
        self._kernel.InitializeProcThreadAttributeList(None, len(values), 0, ctypes.byref(size))
        made = ctypes.create_string_buffer(size.value)
        self._check(
            self._kernel.InitializeProcThreadAttributeList(made, len(values), 0, ctypes.byref(size))
        )
        for kind, value in values.items():
            self._check(
                self._kernel.UpdateProcThreadAttribute(
                    made, 0, ctypes.c_size_t(kind), ctypes.byref(value),
                    ctypes.c_size_t(ctypes.sizeof(value)), None, None,
                )
            )  # fmt: skip
        return made

    def run(
        self, argv: list[str], job: ctypes.c_void_p, attributes: Buffer, streams: Handles
    ) -> int:
        """Run a process in ``job`` to its end; return its exit code."""
        startup = StartupInfo(size=ctypes.sizeof(StartupInfo), flags=USE_STANDARD_HANDLES)
        startup.streams = streams
        startup.attributes = ctypes.addressof(attributes)
        made = ProcessInformation()
        line = ctypes.create_unicode_buffer(subprocess.list2cmdline(argv))
        block = ctypes.create_unicode_buffer(windows.environment_block(dict(os.environ)))
        flags = SUSPENDED | UNICODE_ENVIRONMENT | EXTENDED_STARTUP | NO_WINDOW
        self._check(
            self._kernel.CreateProcessW(
                None, line, None, None, 1, flags, block, None,
                ctypes.byref(startup), ctypes.byref(made),
            )
        )  # fmt: skip
        process, thread = ctypes.c_void_p(made.process), ctypes.c_void_p(made.thread)
        if not self._kernel.AssignProcessToJobObject(job, process):
            self._kernel.TerminateProcess(process, 1)
            self._check(0)
        self._kernel.ResumeThread(thread)
        self._kernel.WaitForSingleObject(process, ctypes.c_uint32(FOR_EVER))
        code = ctypes.c_uint32()
        self._check(self._kernel.GetExitCodeProcess(process, ctypes.byref(code)))
        return code.value

    @staticmethod
    def _check(result: object) -> None:
        if not result:
            number = getattr(ctypes, "get_last_error", lambda: 0)()
            raise OSError(number, "A call of Windows failed")


def own_sid() -> str:
    """Return the SID of whoever runs this, as ``whoami`` says it."""
    said = subprocess.run(
        [r"C:\Windows\System32\whoami.exe", "/user", "/fo", "csv", "/nh"],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip().rpartition(",")[2].strip('"')


def launch(plan: Plan, argv: list[str]) -> int:
    """Run a command as planned; return its exit code. Raises OSError: nothing has run then."""
    system = Windows()
    system.container(plan.name)
    for words in windows.grants(plan, own_sid()):
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    shared = system.sid(windows.capability_sid(windows.CAPABILITY))
    capability = SidAndAttributes(shared, GROUP_ENABLED)
    security = windows.SecurityCapabilities(
        system.sid(plan.sid), ctypes.addressof(capability), 1, 0
    )
    streams = system.streams()
    attributes = system.attributes(
        {
            ATTRIBUTE_SECURITY_CAPABILITIES: security,
            ATTRIBUTE_HANDLE_LIST: streams,
            ATTRIBUTE_CHILD_PROCESS_POLICY: ctypes.c_uint32(NO_CHILD_PROCESS),
        }
    )
    return system.run(argv, system.job(windows.job_limits(plan)), attributes, streams)


def main() -> int:
    """Launch what the arguments say."""
    given = json.loads(sys.argv[1])
    return launch(Plan(**{**given, "readable": tuple(given["readable"])}), sys.argv[2:])


if __name__ == "__main__":
    raise SystemExit(main())
