"""Resolving and closing: what was done, what is left to do, and the report that comes of it."""
