"""hail_import.py FILE.vcf.gz OUT.mt: a VCF to Hail's MatrixTable, on two threads."""

import sys

import hail as hl

source, out = sys.argv[1:]
hl.init(master="local[2]", quiet=True, log=out + ".log", tmp_dir=out + ".tmp")
hl.import_vcf(source, reference_genome="GRCh38", force_bgz=True).write(out, overwrite=True)
