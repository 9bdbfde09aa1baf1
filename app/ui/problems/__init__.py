"""The page of problems and known errors."""
