"""The page of knowledge articles: list, reader and editor."""
