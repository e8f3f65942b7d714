"""What changes no answer: small files merged, old snapshots let go, debris removed."""
