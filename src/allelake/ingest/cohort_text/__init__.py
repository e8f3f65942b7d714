"""Multi-sample VCF text taken apart by compiled functions."""
