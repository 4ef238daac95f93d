"""The night: refresh pipeline, schedule and supervisor. Never loads the web libraries."""
