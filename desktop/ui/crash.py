"""Every way an unforeseen failure can surface, led into one function.

Python has three hooks (main thread, other threads, places that cannot raise), asyncio one, Qt one.
Crashes of the process itself are written by faulthandler (``config.log``) and offered at the next
start.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashHooks(QObject):
    """Hands every unforeseen failure to ``report``, always in the window's thread."""

    failed = Signal(object)
    """Carries the exception; queued when it happened in another thread."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._before: tuple[Any, ...] = ()
        self.failed.connect(report)

    def install(self) -> None:
        """Take over Python's and Qt's hooks until ``remove``."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._raised
        threading.excepthook = self._thread_raised
        sys.unraisablehook = self._unraisable
        qInstallMessageHandler(_log_qt)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over the exception handler of the running loop."""
        loop.set_exception_handler(self._loop_failed)

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            qInstallMessageHandler(None)
            self._before = ()

    def _raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
        else:
            self.failed.emit(error)

    def _thread_raised(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None and failure.exc_type is not SystemExit:
            self.failed.emit(failure.exc_value)

    def _unraisable(self, failure: "sys.UnraisableHookArgs") -> None:
        # Nobody can act on these (a destructor, a callback of an ending interpreter): log only.
        log.error("Unraisable: %s %r", failure.err_msg, failure.object, exc_info=failure.exc_value)

    def _loop_failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("In the event loop: %s", context.get("message"), exc_info=error)
        if isinstance(error, Exception):
            self.failed.emit(error)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    category = f"{context.category}: " if context.category else ""
    qt_log.log(LEVELS.get(kind, logging.WARNING), "%s%s", category, message)
