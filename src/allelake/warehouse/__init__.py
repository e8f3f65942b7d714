"""What is stored: the lake's folder, its tables, its snapshots, and the catalog over them."""
