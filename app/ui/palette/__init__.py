"""The command palette and the list of all keys."""
