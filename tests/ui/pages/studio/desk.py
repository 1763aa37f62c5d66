"""A session with an editor that is nothing but a text."""

from desktop.services.services import Services
from desktop.services.values import Outline
from desktop.ui.pages.studio.session import Session


class Desk:
    """A session and the editor's text, as plain as it can be."""

    def __init__(self, services: Services) -> None:
        self.text = ""
        self.session = Session(services.library, services.authoring, lambda: self.text)
        self.asked: list[str] = []
        self.outlines: list[Outline] = []
        self.session.opened.connect(self._show)
        self.session.replaced.connect(self._show)
        self.session.outlined.connect(self.outlines.append)
        self.session.clashed.connect(lambda: self.asked.append("clash"))
        self.session.orphaned.connect(lambda: self.asked.append("orphan"))

    def _show(self, document: object) -> None:
        self.text = document.text  # type: ignore[attr-defined]  # signals carry objects

    def write(self, text: str) -> None:
        self.text = text
        self.session.touch()
