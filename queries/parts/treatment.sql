-- treatment: how a genotype counts in a zone: 'as_called', 'haploid', 'missing' or 'unknown'.
--
--   in_zone      autosome, x, y, x_par, y_par or mt
--   in_sex       'XX', 'XY' or NULL
--   in_ploidy    'as_called' or 'by_sex'
--
-- By sex (gnomAD's rule): XX on Y is missing, XY outside PAR counts one allele, and where the
-- number of copies depends on a sex nobody knows, nothing is known.
--
--   SELECT treatment('x', 'XY', 'by_sex');

CREATE OR REPLACE MACRO treatment(in_zone, in_sex, in_ploidy) AS CASE
    WHEN in_ploidy = 'as_called' OR in_zone NOT IN ('x', 'y', 'y_par') THEN 'as_called'
    WHEN in_sex = 'XX' THEN CASE in_zone WHEN 'x' THEN 'as_called' ELSE 'missing' END
    WHEN in_sex = 'XY' THEN CASE in_zone WHEN 'y_par' THEN 'as_called' ELSE 'haploid' END
    ELSE 'unknown'
END;
