"""Small dialogs that ask for what a command needs, then write once for one or many incidents."""
