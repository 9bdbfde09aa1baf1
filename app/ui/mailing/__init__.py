"""Outgoing mail on the screen: the outbox, what is said of it, and its settings."""
