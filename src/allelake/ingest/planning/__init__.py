"""What an ingest would take: batches, contigs, fields and parts, or a refusal."""
