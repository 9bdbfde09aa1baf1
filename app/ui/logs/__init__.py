"""The viewer of logs: lines by number or by time, and what they say. GUI thread."""
