"""Workspaces: each page arranges widgets and calls services; none knows another."""
