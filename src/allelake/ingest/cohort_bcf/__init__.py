"""BCF of many samples, read column by column: the same rows as by cyvcf2, or none at all."""
