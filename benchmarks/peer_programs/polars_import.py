"""polars_import.py FILE.vcf.gz OUT.parquet: a VCF by polars-bio, streamed to Parquet."""

import sys

import polars_bio as pb

source, out = sys.argv[1:]
pb.scan_vcf(source, info_fields=[], format_fields=["GT"]).sink_parquet(out)
