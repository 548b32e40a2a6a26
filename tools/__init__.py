"""What the workshop runs beside the product; nothing here is installed with it."""
