"""Who is related to whom, and along which axes people differ: pruning, kinship, components."""
