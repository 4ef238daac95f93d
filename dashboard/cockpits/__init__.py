"""What pages show: pure functions from answers of the door to view models, testable without a browser."""
