"""Incident Desk: log, prioritise, investigate, resolve and close incidents on a workstation."""

__version__ = "0.1.0"
