"""What is noted about a course of treatment, page by page."""
