-- failed_thresholds: which thresholds of adj@1 a genotype fails, as text.
--
--   is_stored        whether the genotype has a row; of others nothing is kept
--   in_dp            reads; NULL where missing
--   in_gq            genotype quality, Phred; NULL where missing
--   in_ad_ref        reads of ref; NULL where missing
--   in_ad_alt        reads of alt; NULL where missing
--   is_one_of_two    whether it has one copy of two called alleles, which is asked for balance
--   is_one_room      whether the thresholds of haploid genotypes hold
--
--   SELECT failed_thresholds(true, 7, 99, 7, 0, false, false);

CREATE OR REPLACE MACRO failed_thresholds(
    is_stored, in_dp, in_gq, in_ad_ref, in_ad_alt, is_one_of_two, is_one_room
) AS CASE
    WHEN NOT is_stored THEN 'of a reference genotype that fails, GQ, DP and AD are not kept'
    ELSE array_to_string(
        list_filter(
            [
                CASE WHEN in_gq IS NULL THEN 'GQ missing' WHEN in_gq < 20 THEN 'GQ < 20' END,
                CASE
                    WHEN in_dp IS NULL THEN 'DP missing'
                    WHEN is_one_room AND in_dp < 5 THEN 'DP < 5'
                    WHEN NOT is_one_room AND in_dp < 10 THEN 'DP < 10'
                END,
                CASE
                    WHEN in_ad_ref IS NULL OR in_ad_alt IS NULL THEN 'AD missing'
                    WHEN is_one_of_two AND in_ad_alt * 5 < in_dp THEN 'AD / DP < 0.2'
                END
            ],
            lambda failure: failure IS NOT NULL
        ),
        ', '
    )
END;
