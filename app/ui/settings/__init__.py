"""The settings of the person and the team."""
