"""What is typed about a course of treatment."""
