-- variant_kind: what kind of change an alternate allele is.
--
--   in_ref    reference allele
--   in_alt    alternate allele
--
-- 'snv', 'mnv' (several bases for as many), 'insertion', 'deletion' (also where bases change too),
-- 'symbolic' (<DEL>) or 'breakend' (A[chr2:9[, A.).
--
--   SELECT variant_kind('A', 'AT');

CREATE OR REPLACE MACRO variant_kind(in_ref, in_alt) AS CASE
    WHEN length(in_ref) = 1 AND length(in_alt) = 1 THEN 'snv'
    WHEN contains(in_alt, '[') OR contains(in_alt, ']')
        OR starts_with(in_alt, '.') OR ends_with(in_alt, '.') THEN 'breakend'
    WHEN starts_with(in_alt, '<') THEN 'symbolic'
    WHEN length(in_alt) > length(in_ref) THEN 'insertion'
    WHEN length(in_alt) < length(in_ref) THEN 'deletion'
    ELSE 'mnv'
END;
