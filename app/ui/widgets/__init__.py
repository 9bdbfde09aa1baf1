"""Small parts that screens are made of; each stands on a real Qt widget or only decorates."""
