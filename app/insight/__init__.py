"""What the history of a team says: like incidents, suggestions, logs; no Qt, nothing is sent."""
