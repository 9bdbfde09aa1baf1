"""One incident as a full page, in the main window or in a window of its own."""
