-- assumed_alleles: reference alleles of a sample at a variant of which its batch has no record.
-- (Only where the batch was ingested with --absent reference.)
--
--   in_zone    autosome, x, y, x_par, y_par or mt
--   in_sex     'XX', 'XY' or NULL
--
-- NULL where the number of copies depends on a sex nobody knows.
--
--   SELECT assumed_alleles('x', 'XY');

CREATE OR REPLACE MACRO assumed_alleles(in_zone, in_sex) AS CASE
    WHEN in_zone = 'mt' THEN 1
    WHEN in_zone NOT IN ('x', 'y', 'y_par') THEN 2
    WHEN in_sex = 'XX' THEN CASE in_zone WHEN 'x' THEN 2 ELSE 0 END
    WHEN in_sex = 'XY' THEN CASE in_zone WHEN 'y_par' THEN 2 ELSE 1 END
END;
