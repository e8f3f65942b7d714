-- relatives: who is related to one person, closest first?
--
--   in_sample   a sample's name as in its VCF; an unknown name is an error, not an empty answer
--
-- One row per relative in the newest stored kinship (`allelake structure kinship`) of a cohort that
-- the sample was in; an error where there is none:
--   sample_id       the relative
--   participant_id  the person
--   kinship         KING-robust kinship: 0.5 for one genome twice, 0.25 in the first degree
--   relationship    duplicate (or twin), parent-child, sibling, second or third (degree); NULL
--                   beyond
--   snps            sites called in both
--   ibs0_share      share of them at which the two are opposite homozygotes
--   cohort          the cohort whose pairs were compared
--   snapshot        the snapshot that it says
--   stale_reason    why it does not hold any more; NULL where it does
--
--   FROM relatives('S1');

CREATE OR REPLACE MACRO relatives(in_sample) AS TABLE
WITH person AS MATERIALIZED (
    SELECT
        number,
        coalesce(number, error('no sample is named ' || quoted_name(in_sample))) IS NOT NULL
            AS is_known
    FROM (SELECT max(sample_number) AS number FROM samples WHERE sample_id = in_sample)
),
asked AS MATERIALIZED (
    SELECT
        *,
        coalesce(
            result,
            error(
                'no kinship is stored of this sample. '
                || '`allelake structure kinship LAKE` computes it'
            )
        ) IS NOT NULL AS is_fit
    FROM (
        SELECT
            max(p.number) AS number,
            max(r.result) AS result,
            arg_max(r.name, r.result) AS cohort,
            arg_max(r.snapshot, r.result) AS snapshot,
            -- arg_max passes over NULL.
            arg_max([r.stale_reason], r.result)[1] AS stale_reason
        FROM person p
        LEFT JOIN results r
            ON p.is_known AND r.kind = 'kinship' AND list_contains(r.sample_numbers, p.number)
    )
)
(
    SELECT
        s.sample_id,
        s.participant_id,
        k.kinship,
        k.relationship,
        k.snps,
        k.ibs0 / nullif(k.snps, 0) AS ibs0_share,
        a.cohort,
        a.snapshot,
        a.stale_reason
    FROM kinship k
    JOIN asked a
        ON k.result = a.result
        AND a.is_fit
        AND a.number IN (k.sample_number_1, k.sample_number_2)
    JOIN samples s ON s.sample_number = k.sample_number_1 + k.sample_number_2 - a.number
    ORDER BY k.kinship DESC, s.sample_id
)
UNION ALL BY NAME
-- Stays where no pair is stored at all, so that errors are raised there too.
SELECT snapshot FROM asked WHERE NOT is_fit;
