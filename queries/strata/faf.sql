-- faf: the filtering allele frequency: how common an allele may be and still be seen this often.
--
--   in_ac   copies of the allele
--   in_an   called alleles
--   in_ci   the level of confidence: 0.95 or 0.99
--
-- The highest frequency at which the upper bound (one-sided, Poisson) of the copies expected is
-- below those seen: gnomAD's faf95 and faf99. An allele rarer than that in a disease cannot be its
-- common cause. 0 for fewer than two copies; NULL where in_an is 0, since nothing is known.
--
--   SELECT faf(10, 10000, 0.95);

CREATE OR REPLACE MACRO faf(in_ac, in_an, in_ci := 0.95) AS
    CASE
        WHEN in_an > 0 AND in_ac < 2 THEN 0.0
        WHEN in_an > 0 THEN poisson_bound(in_ac, in_ci) / in_an
    END;
