"""Reports on the screen: their pages as they will be printed, and where to save them."""
