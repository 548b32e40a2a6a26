"""What is typed about incidents, reports and calls."""
