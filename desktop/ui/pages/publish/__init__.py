"""The publish page: what is sent where, how fast, and what lies unfinished at the service."""
