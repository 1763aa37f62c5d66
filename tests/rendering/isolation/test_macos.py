"""The profile of macOS, read as Seatbelt reads it: of the rules that match, the last decides."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.rendering.confinement import seatbelt
from desktop.rendering.confinement.seatbelt import profile
from desktop.rendering.isolation import Limits
from desktop.rendering.isolation.choice import trial
from desktop.rendering.isolation.macos import Seatbelt

HOME, JOB = "/Users/ann", "/Users/ann/Library/Caches/Proofreel/job-1"
PYTHON = "/opt/python"
TEXT = profile((PYTHON, "/Users/ann/Library/Fonts"), HOME, JOB)

FILTER = re.compile(r'\((subpath|literal|global-name|target) (?:"((?:[^"\\]|\\.)*)"|(\w+))\)')


def rules(text: str) -> Iterator[tuple[str, list[str], list[tuple[str, str]]]]:
    """Yield the verdict, the operations and the filters of each rule."""
    for rule in re.split(r"\n(?=\()", text.strip()):
        head = re.match(r"\((allow|deny) ([^()]+)", rule)
        if head:
            filters = [(kind, one or other) for kind, one, other in FILTER.findall(rule)]
            yield head[1], head[2].split(), filters


def allowed(operation: str, value: str = "", text: str = TEXT) -> bool:
    """Tell what a profile says of an operation, without what ``bsd.sb`` adds."""
    verdict = False
    for said, operations, filters in rules(text):
        named = any(covers(one, operation) for one in operations)
        if named and (not filters or any(matches(*one, value) for one in filters)):
            verdict = said == "allow"
    return verdict


def covers(pattern: str, operation: str) -> bool:
    if pattern.endswith("*"):
        return operation.startswith(pattern[:-1])
    return pattern in {operation, "default"}


def matches(kind: str, pattern: str, value: str) -> bool:
    if kind == "subpath":
        return value == pattern or value.startswith(f"{pattern}/")
    return value == pattern


def test_what_is_not_named_is_denied() -> None:
    assert TEXT.startswith("(version 1)\n(deny default)\n")
    for operation in ("iokit-open", "system-socket", "sysctl-write", "file-mknod"):
        assert not allowed(operation)


def test_what_is_imported_has_no_last_word_on_processes_network_and_services() -> None:
    after = TEXT[TEXT.index('(import "bsd.sb")') :]
    for denied in ("process-fork", "process-exec*", "network*", "mach-lookup", "file-write*",
                   "appleevent-send", "signal", "mach-register"):  # fmt: skip
        assert f"(deny {denied}" in after
    for operation in ("process-fork", "process-exec", "network-outbound", "appleevent-send"):
        assert not allowed(operation)
    assert not allowed("signal", "others")
    assert allowed("signal", "self")


def test_one_folder_is_written_to() -> None:
    assert allowed("file-write-create", f"{JOB}/media/scene.mp4")
    for path in ("/Users/ann/.zshrc", f"{JOB}-2/x", "/private/tmp/x", f"{PYTHON}/lib/x.pth",
                 "/Users/ann/Library/Fonts/x"):  # fmt: skip
        assert not allowed("file-write-create", path)


def test_jobs_do_not_see_each_other() -> None:
    other = JOB.replace("job-1", "job-2")
    assert allowed("file-read-data", f"{JOB}/job.json")
    assert not allowed("file-read-data", f"{other}/job.json")
    assert allowed("file-read-data", f"{other}/job.json", profile((), HOME, other))


def test_python_and_fonts_are_read_and_nothing_else_of_the_person() -> None:
    for path in (f"{PYTHON}/lib/x.py", "/System/Library/Fonts/x", "/Users/ann/Library/Fonts/x"):
        assert allowed("file-read-data", path)
    for path in (
        "/Users/ann/.aws/credentials",
        "/Users/ann/Library/Keychains/login.keychain-db",
        "/private/etc/passwd",
        "/Users/bob/x",
        "/Library/Keychains/System.keychain",
    ):
        assert not allowed("file-read-data", path)


def test_folders_above_are_seen_but_not_listed() -> None:
    assert allowed("file-read-metadata", "/Users/ann")
    assert not allowed("file-read-data", "/Users/ann")


def test_the_keychain_stays_closed_whatever_is_readable() -> None:
    text = profile(("/Users/ann",), HOME, JOB)
    assert not allowed("file-read-data", "/Users/ann/Library/Keychains/x", text)
    assert not allowed("mach-lookup", "com.apple.SecurityServer", text)
    assert not allowed("mach-lookup", "com.apple.securityd.xpc", text)
    assert allowed("mach-lookup", "com.apple.fonts", text)


def test_no_name_ends_its_quotes() -> None:
    text = profile((), HOME, '/Users/ann/a"b\\c')
    assert '(subpath "/Users/ann/a\\"b\\\\c")' in text
    with pytest.raises(OSError, match="No profile"):
        profile((), HOME, "/Users/ann/a\n(allow default)")


def test_paths_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "real")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    given = Seatbelt().confinement(Limits(1 << 30, 60, 60))
    assert given["home"] == str(tmp_path / "real")
    assert given["programs"] == ()
    readable = given["readable"]
    assert isinstance(readable, tuple)
    assert readable
    assert not any(Path(path).is_symlink() for path in readable)


@pytest.mark.skipif(sys.platform == "darwin", reason="there it may work")
def test_where_there_is_no_seatbelt_nothing_is_run(tmp_path: Path) -> None:
    rules_given = Seatbelt().confinement(Limits(1 << 30, 60, 60))
    with pytest.raises(OSError, match=r"libsandbox|No sandbox"):
        seatbelt.apply(rules_given, tmp_path)
    assert "does not work here" in trial(Seatbelt())


def test_it_says_that_nobody_has_seen_it_work() -> None:
    assert "not verified" in Seatbelt().name
    assert "not verified" in Seatbelt().note
