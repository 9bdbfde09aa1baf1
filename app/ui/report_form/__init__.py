"""The window in which a user reports something from their own computer."""
