"""The pages before a course, what is noted in its course, and what a unit approves."""
