"""What is typed about a course of treatment, and before one."""
