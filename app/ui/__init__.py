"""The only home of PySide6: windows, dialogs, widgets. Talks to services, not the database."""
