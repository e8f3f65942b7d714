"""What was computed from a lake and is kept in it, and whether it still holds."""
