"""Use cases: one named function for each thing a user does, each returning a ChangeSet."""
