-- least_text: the least depth and quality of blocks, as text; NULL where neither is known.
--
--   in_dp    least depth, reads
--   in_gq    least genotype quality, Phred
--
--   SELECT least_text(12, 30);

CREATE OR REPLACE MACRO least_text(in_dp, in_gq) AS nullif(concat_ws(
    ' and ',
    CASE WHEN in_dp IS NOT NULL THEN 'DP at least ' || in_dp END,
    CASE WHEN in_gq IS NOT NULL THEN 'GQ at least ' || in_gq END
), '');
