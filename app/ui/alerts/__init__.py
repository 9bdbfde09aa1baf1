"""What comes in by itself from monitoring tools: rules, and what could not be taken."""
