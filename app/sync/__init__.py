"""Exchanges the journal with a hub (sync.md); no Qt."""
