-- kinship_pairs: which pairs of people of a cohort are related, and how closely?
--
--   in_cohort   the cohort whose kinship was computed; an error where it was not
--
-- One row per pair in the stored kinship (`allelake structure kinship`) of the cohort:
--   sample_id_1      the one sample
--   sample_id_2      the other sample
--   kinship          KING-robust kinship: 0.5 for one genome twice, 0.25 in the first degree
--   relationship     duplicate (or twin), parent-child, sibling, second or third (degree); NULL
--                    beyond
--   snps             sites called in both
--   het_het          sites at which both are heterozygous
--   ibs0             sites at which they are opposite homozygotes
--   het_hom_1        sites at which the one is heterozygous and the other homozygous
--   het_hom_2        the reverse
--   ibs0_share       ibs0 / snps: near 0 for parent and child
--   sample_number_1  number of the one sample
--   sample_number_2  number of the other
--   snapshot         the snapshot that it says
--   stale_reason     why it does not hold any more; NULL where it does
--
--   FROM kinship_pairs('all') WHERE relationship = 'duplicate';

CREATE OR REPLACE MACRO kinship_pairs(in_cohort) AS TABLE
WITH asked AS MATERIALIZED (FROM stored_result('kinship', in_cohort, 'allelake structure kinship')),
pairs AS (
    SELECT
        one.sample_id AS sample_id_1,
        other.sample_id AS sample_id_2,
        k.kinship,
        k.relationship,
        k.snps,
        k.het_het,
        k.ibs0,
        k.het_hom_1,
        k.het_hom_2,
        k.ibs0 / nullif(k.snps, 0) AS ibs0_share,
        k.sample_number_1,
        k.sample_number_2,
        a.snapshot,
        a.stale_reason
    FROM kinship k
    JOIN asked a ON k.result = a.result AND a.is_fit
    JOIN samples one ON k.sample_number_1 = one.sample_number
    JOIN samples other ON k.sample_number_2 = other.sample_number
)
FROM pairs
UNION ALL BY NAME
-- Stays where no pair is stored at all, so that the error is raised there too.
SELECT snapshot FROM asked WHERE NOT is_fit;
