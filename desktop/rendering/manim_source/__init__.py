"""Manim files: which scenes they define, and what each of them depends on."""
