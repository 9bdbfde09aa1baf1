"""The dialog that runs a check on an incident. GUI thread; checks run in the long lane."""
