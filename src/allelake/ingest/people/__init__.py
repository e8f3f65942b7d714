"""What is known of people: files of samples, families and attributes."""
