"""The settings screen: lines generated from the settings of the program, applied at once."""
