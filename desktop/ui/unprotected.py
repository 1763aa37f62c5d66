"""Going without a sandbox: offered where none works, and only to who types that they want it."""

from PySide6.QtWidgets import QWidget

from desktop.services.environment import EnvironmentService
from desktop.ui import dialogs

WORDS = "run anyway"
"""What has to be typed."""

QUESTION = (
    f"Until Proofreel is closed, scenes could read and change all your files. "
    f"Every version made so says it. Type “{WORDS}” to go on."
)


async def ask(window: QWidget, environment: EnvironmentService) -> bool:
    """Ask, and let scenes run without a sandbox when the words were typed; tell whether they do."""
    typed = await dialogs.ask_text(window, "Run scenes without a sandbox?", QUESTION, accept="Run")
    if typed is None or typed.casefold().strip(" “”\"'.") != WORDS:
        return False
    await environment.allow_unprotected()
    return True
