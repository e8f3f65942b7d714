"""What a lake holds, as files of other programs: VCF, BCF, PLINK, tables, frequencies."""
