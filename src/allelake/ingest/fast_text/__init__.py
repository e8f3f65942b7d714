"""Single-sample VCF text taken apart by columns, without a Python object per record."""
