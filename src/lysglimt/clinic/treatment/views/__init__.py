"""The pages about a course of treatment."""
