-- change_kind: what an alternate allele changes, as people count it in one sample.
--
--   in_ref    reference allele
--   in_alt    alternate allele
--
-- 'transition', 'transversion', 'snv' (one base for another, not both of A, C, G and T),
-- 'insertion', 'deletion' or 'other' (several bases for as many, <DEL>, breakends).
--
--   SELECT change_kind('A', 'G');

CREATE OR REPLACE MACRO change_kind(in_ref, in_alt) AS CASE
    WHEN is_transition(in_ref, in_alt) THEN 'transition'
    WHEN NOT is_transition(in_ref, in_alt) THEN 'transversion'
    WHEN variant_kind(in_ref, in_alt) IN ('snv', 'insertion', 'deletion')
        THEN variant_kind(in_ref, in_alt)
    ELSE 'other'
END;
