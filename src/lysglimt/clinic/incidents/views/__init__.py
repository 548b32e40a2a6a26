"""Incidents, what they bring, what is asked by telephone, and the figures of the unit."""
