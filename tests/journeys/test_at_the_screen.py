"""What happens at a real screen: hands that are too quick, breaks that are too long, poor sight."""
