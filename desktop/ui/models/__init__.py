"""Item models: what views show, read from the services and kept current by events."""
