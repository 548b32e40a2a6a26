"""The pages at the chair."""
