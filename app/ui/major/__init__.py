"""The room of a major incident, its review, and the actions that follow."""
