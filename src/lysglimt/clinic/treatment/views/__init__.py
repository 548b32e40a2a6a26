"""The pages about a course of treatment, and about what comes before one."""
