"""Exact pictures of a video, in time: index, decoder, clock and player, without any window."""
