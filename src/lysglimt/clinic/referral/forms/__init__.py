"""What is typed before a course."""
