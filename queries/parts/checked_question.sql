-- checked_question: the arguments that most questions share, each known to mean something.
--
--   in_cohort      a cohort's name
--   in_attribute   an attribute of samples, or NULL
--   in_policy      'raw' or 'adj@1'
--   in_ploidy      'as_called' or 'by_sex'
--   in_filter      'any' or 'pass'
--
-- One row; an argument that means nothing is an error that names the nearest thing it could mean:
--   cohort         the cohort's name
--   attribute      the attribute's name, or NULL
--   is_fit         true
--
-- Whoever calls this must read the row in a materialised CTE that every branch of the answer needs:
-- error() in a predicate on a scanned table is skipped when all its row groups are pruned.
--
--   FROM checked_question('all', NULL, 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO checked_question(
    in_cohort, in_attribute, in_policy, in_ploidy, in_filter
) AS TABLE
SELECT
    coalesce(
        max(cohort) FILTER (cohort = in_cohort),
        error(no_such('cohort', in_cohort, list(cohort)))
    ) AS cohort,
    CASE WHEN in_attribute IS NOT NULL THEN (
        SELECT coalesce(
            max(attribute) FILTER (attribute = in_attribute),
            error(no_such('attribute', in_attribute, list(attribute)))
        ) FROM attributes
    ) END AS attribute,
    CASE
        WHEN in_policy IS NULL OR in_policy NOT IN ('raw', 'adj@1')
            THEN error(no_such('policy', in_policy, ['raw', 'adj@1']))
        WHEN in_ploidy IS NULL OR in_ploidy NOT IN ('as_called', 'by_sex')
            THEN error(no_such('ploidy rule', in_ploidy, ['as_called', 'by_sex']))
        WHEN in_filter IS NULL OR in_filter NOT IN ('any', 'pass')
            THEN error(no_such('filter rule', in_filter, ['any', 'pass']))
        WHEN in_policy = 'adj@1' AND NOT (SELECT coalesce(bool_or(has_adj), false) FROM batches)
            THEN error(
                'policy adj@1 needs GQ, DP and AD, and no batch of this lake declares all three; '
                || 'ask with policy raw'
            )
        ELSE true
    END AS is_fit
FROM cohorts;
