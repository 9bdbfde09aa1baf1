"""Verifying a report: drop a PDF on the window and read one of four answers."""
