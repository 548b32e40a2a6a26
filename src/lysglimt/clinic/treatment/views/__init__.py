"""The pages before a course and about it, and what a unit approves."""
