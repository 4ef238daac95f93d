"""Who asks, what that person may open, and the guard in front of every route."""
