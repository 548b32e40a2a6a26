"""Filling in an instrument, putting a rating right, and loading a clinic's wording."""
