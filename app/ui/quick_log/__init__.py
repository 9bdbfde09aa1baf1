"""The quick-log bar: one line from the phone to a logged incident."""
