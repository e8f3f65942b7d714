-- piece_bins: the bins of a piece that rows are joined to it by, as joined_bin() has them.
--
--   in_low      first base, 1-based
--   in_high     last base, included
--   in_region   NULL, a region or a list of regions
--
--   SELECT piece_bins(16050000, 16060000, '22:16,050,000-16,060,000');

CREATE OR REPLACE MACRO piece_bins(in_low, in_high, in_region) AS
    CASE
        WHEN typeof(in_region) = '"NULL"' THEN [0::BIGINT]
        ELSE range(in_low >> 14, (in_high >> 14) + 1)
    END::INTEGER[];
