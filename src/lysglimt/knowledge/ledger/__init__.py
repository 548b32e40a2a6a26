"""Every milligram of a controlled drug: where it came from, where it is, where it went."""
