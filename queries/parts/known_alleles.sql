-- known_alleles: how many reference alleles an interval of `callable` gives one sample.
--
--   in_alleles    1 or 2; 3 where zone and sex say (`alleles` is NULL)
--   in_zone       autosome, x, y, x_par, y_par or mt
--   in_sex        'XX', 'XY' or NULL
--   in_treated    what treatment() says: as_called, haploid, missing or unknown
--
-- 0 for a sample that has none there (XX on Y); NULL where nothing is known: the sex it would take,
-- or no interval (in_alleles is 0 or NULL).
--
--   SELECT known_alleles(2, 'x', 'XY', 'haploid');

CREATE OR REPLACE MACRO known_alleles(in_alleles, in_zone, in_sex, in_treated) AS CASE
    WHEN in_alleles IS NULL OR in_alleles = 0 THEN NULL
    WHEN in_treated = 'as_called'
        THEN CASE in_alleles WHEN 3 THEN assumed_alleles(in_zone, in_sex) ELSE in_alleles END
    WHEN in_treated = 'haploid' THEN 1
    WHEN in_treated = 'missing' THEN 0
END;
