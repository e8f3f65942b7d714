-- failed_block: which thresholds of adj@1 an interval of reference fails, as text.
--
--   in_dp         least depth in it, reads; NULL where none is known
--   in_gq         least genotype quality in it, Phred; NULL where none is known
--   is_one_room   whether the thresholds of haploid genotypes hold
--
-- The least values of an interval may come from different bases of it: hence 'or'.
--
--   SELECT failed_block(7, 99, false);

CREATE OR REPLACE MACRO failed_block(in_dp, in_gq, is_one_room) AS coalesce(
    nullif(array_to_string(
        list_filter(
            [
                CASE WHEN in_gq IS NULL THEN 'GQ missing' WHEN in_gq < 20 THEN 'GQ < 20' END,
                CASE
                    WHEN in_dp IS NULL THEN 'DP missing'
                    WHEN coalesce(is_one_room, false) AND in_dp < 5 THEN 'DP < 5'
                    WHEN NOT coalesce(is_one_room, false) AND in_dp < 10 THEN 'DP < 10'
                END
            ],
            lambda failure: failure IS NOT NULL
        ),
        ' or '
    ), ''),
    'GQ or DP missing in a part of it'
);
