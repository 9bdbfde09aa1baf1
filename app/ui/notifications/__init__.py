"""What people are notified of: the bell and its list, and the icon beside the system's clock."""
