"""Screens of sharing with a team: where, who is in it, how it stands, and what is wrong."""
