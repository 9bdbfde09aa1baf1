"""The only home of PySide6: windows, dialogs and widgets. Talks to services, never to the database."""
