"""The dashboard: cards of painted marks that keys and screen readers walk, and their table."""
