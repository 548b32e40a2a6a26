"""The hospital's PostgreSQL, whose trail may be emptied between two tests and at no other time."""
