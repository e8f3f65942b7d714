-- covered_end: the last base that must be known as reference for a variant to be absent.
--
--   in_ref          reference allele
--   in_alt          alternate allele
--   in_last         last base of the variant
--
-- For an insertion the base after too. NULL for symbolic alleles and breakends: no block says
-- anything of them.
--
--   SELECT covered_end('A', 'AT', 100);

CREATE OR REPLACE MACRO covered_end(in_ref, in_alt, in_last) AS CASE
    WHEN variant_kind(in_ref, in_alt) IN ('symbolic', 'breakend') THEN NULL
    WHEN length(in_ref) = 1 AND length(in_alt) > 1 THEN in_last + 1
    ELSE in_last
END;
