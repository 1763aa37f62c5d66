"""The studio: write, render, watch, go back."""

from desktop.ui.pages.studio.page import StudioPage

__all__ = ["StudioPage"]
