"""What the clinic sees of itself: the day, the patient, the unit."""
