"""Which pages the window has, and how each is built from the services."""

from PySide6.QtWidgets import QWidget

from desktop.services.services import Services
from desktop.ui.navigation import PageEntry
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.shell import Shell


def page_entries(services: Services, shell: Shell) -> tuple[PageEntry, ...]:
    """Return the workspaces and the settings page in the order of the rail."""

    def studio() -> QWidget:
        from desktop.ui.pages.studio import StudioPage  # noqa: PLC0415 - loads the film decoder

        return StudioPage(services, shell)

    def library() -> QWidget:
        from desktop.ui.pages.library import LibraryPage  # noqa: PLC0415 - built when first shown

        return LibraryPage(services, shell)

    def publish() -> QWidget:
        from desktop.ui.pages.publish.page import (  # noqa: PLC0415 - built when first shown
            PublishPage,
        )

        return PublishPage(services, shell)

    def settings() -> QWidget:
        return SettingsPage(
            services.settings, services.secrets, services.consent, services.environment, shell
        )

    return (
        PageEntry("studio", "Studio", studio, "monitor-play", "F1"),
        PageEntry("library", "Library", library, "squares-four", "F3"),
        PageEntry("publish", "Publish", publish, "cloud-arrow-up", "F4"),
        PageEntry("settings", "Settings", settings, "gear-six", "Ctrl+,", at_end=True),
    )
