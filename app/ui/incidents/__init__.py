"""The queue, the incident and its dialogs."""
