"""The machine: paths, logs, clock, assets. No Qt, no database."""
