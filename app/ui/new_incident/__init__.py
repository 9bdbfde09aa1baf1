"""The dialog for the call that needs more than one line."""
