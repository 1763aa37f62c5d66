"""The publish page: what is sent where, how fast, and what lies unfinished at the service."""

from desktop.ui.pages.publish.page import PublishPage

__all__ = ["PublishPage"]
