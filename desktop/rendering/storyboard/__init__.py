"""The storyboard language: Markdown with scenes, compiled to Manim code for the kit."""
