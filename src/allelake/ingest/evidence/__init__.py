"""What a per-sample file knows of reference: blocks and records turned into callable intervals."""
