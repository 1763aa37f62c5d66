"""The text editor of sources: storyboards and Manim files, with their problems in place."""
