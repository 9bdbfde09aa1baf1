"""The detail pane: one incident, its clock, its fields, its story and what belongs to it."""
