"""What is typed at the chair."""
