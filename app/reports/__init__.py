"""Plain values to PDF pages: reportlab only, no database and no Qt."""
