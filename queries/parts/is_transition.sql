-- is_transition: whether a change of one base stays among purines or among pyrimidines.
--
--   in_ref    reference allele
--   in_alt    alternate allele
--
-- False for transversions; NULL for what is no change of one base among A, C, G and T.
--
--   SELECT is_transition('A', 'G');

CREATE OR REPLACE MACRO is_transition(in_ref, in_alt) AS CASE
    WHEN in_ref = 'A' THEN CASE WHEN in_alt = 'G' THEN true WHEN in_alt IN ('C', 'T') THEN false END
    WHEN in_ref = 'G' THEN CASE WHEN in_alt = 'A' THEN true WHEN in_alt IN ('C', 'T') THEN false END
    WHEN in_ref = 'C' THEN CASE WHEN in_alt = 'T' THEN true WHEN in_alt IN ('A', 'G') THEN false END
    WHEN in_ref = 'T' THEN CASE WHEN in_alt = 'C' THEN true WHEN in_alt IN ('A', 'G') THEN false END
END;
