"""Uploads and downloads that survive crashes, in an engine process of their own."""
