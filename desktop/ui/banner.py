"""Bars above the page that say what went wrong and what helps."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.errors import InvalidInput, Problem, RenderFailed, StudioError
from desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4
from desktop.ui.widgets.boxes import column, row
from desktop.ui.widgets.buttons import button, tool_button
from desktop.ui.widgets.glyph import Glyph
from desktop.ui.widgets.labels import label

MOST = 2
"""Bars at the same time; older ones give way, the log keeps them."""

MOST_PROBLEMS = 3


@dataclass(frozen=True, slots=True)
class Message:
    """What a bar says."""

    title: str
    detail: str = ""
    remedy: str = ""
    button: str = ""
    act: Callable[[], object] | None = None


def message_of(
    error: StudioError, name: str = "", act: Callable[[], object] | None = None
) -> Message:
    """Return what a bar says about an error: its first problems too, but nothing twice."""
    found = error.problems if isinstance(error, InvalidInput | RenderFailed) else ()
    lines = _problem_lines(found)
    said = "\n".join(lines)
    if error.detail and error.detail not in said:
        lines.insert(0, error.detail)
    remedy = "" if error.remedy in said else error.remedy
    return Message(error.title, "\n".join(lines), remedy, name, act)


def _problem_lines(problems: tuple[Problem, ...]) -> list[str]:
    lines = [str(problem) for problem in problems[:MOST_PROBLEMS]]
    more = len(problems) - MOST_PROBLEMS
    return [*lines, f"and {more} more"] if more > 0 else lines


class Banner(QFrame):
    """One bar: icon, title, what happened, what to do, a button for it, and close."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setAccessibleName(f"Problem: {message.title}")
        self.message = message
        picture = Glyph("warning-circle-fill", "danger", 20)
        layout = row(
            column(picture, None), self._words(), *self._ends(),
            spacing=SPACE_3, margins=(SPACE_4, SPACE_2, SPACE_2, SPACE_2),
        )  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _words(self) -> QVBoxLayout:
        words = column(label(self.message.title, "strong"), spacing=2)
        for text, role in ((self.message.detail, "muted"), (self.message.remedy, "")):
            if text:
                words.addWidget(label(text, role, wrap=True))
        return words

    def _ends(self) -> list[QWidget]:
        ends: list[QWidget] = []
        if self.message.act is not None:
            ends.append(button(self.message.button, self.help))
        ends.append(tool_button("x", "Dismiss this problem", self.close))
        return ends

    def help(self) -> None:
        """Do what helps and close the bar."""
        self.close()
        if self.message.act is not None:
            self.message.act()


class BannerArea(QFrame):
    """The bars on screen, oldest first; takes no room when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = column(spacing=1)
        self.setLayout(self._stack)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_message(self, message: Message) -> None:
        """Show a bar; one that says the same already is moved to the end."""
        for old in self.banners():
            if (old.message.title, old.message.detail) == (message.title, message.detail):
                old.close()
        for old in self.banners()[: 1 - MOST]:
            old.close()
        banner = Banner(message)
        self._stack.addWidget(banner)
        banner.show()

    def withdraw(self, title: str) -> None:
        """Close the bars with this title: what they speak of is over."""
        for banner in self.banners():
            if banner.message.title == title:
                banner.close()

    def banners(self) -> list[Banner]:
        """Return the bars that are open, oldest first."""
        found = self.findChildren(Banner, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [banner for banner in found if not banner.isHidden()]
