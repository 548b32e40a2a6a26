"""Backups: what is in one, how it is sealed, and how it is brought back."""
