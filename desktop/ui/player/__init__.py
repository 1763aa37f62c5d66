"""Watching a video: the picture, the bar under it, and the buttons."""
