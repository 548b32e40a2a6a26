"""The pages before a course: the letter, those who wait, and what was tried."""
