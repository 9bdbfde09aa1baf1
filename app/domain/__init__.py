"""Pure values and rules of incident management; standard library only, time is an argument."""
