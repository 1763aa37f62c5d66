"""From source text to pictures.

A storyboard or a Manim file is read into scenes, each with stand-alone code (``source``,
``storyboard``, ``manim_source``). The code becomes a video in a separate process, behind an
isolation, into a content-addressed store; finished scenes are joined into one video. Nothing here
imports Manim except ``worker``, which runs as that separate process.
"""
