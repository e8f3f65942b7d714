"""What comes in: files inspected, planned, read, encoded, and handed to the warehouse."""
