"""The way between the outside and incidents: files of other tools in, exports out. No Qt."""
