"""Records of a part as arrays, and their variants under one spelling."""
