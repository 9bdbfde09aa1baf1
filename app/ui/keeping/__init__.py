"""What is done with the data as a whole: export, configuration, backup, drafts, the log."""
