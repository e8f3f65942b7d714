-- checked_question: the arguments that most questions share, each known to mean something.
--
--   in_cohort      a cohort's name
--   in_policy      'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy      'as_called' or 'by_sex'
--   in_filter      'any' or 'pass'
--
-- One row; an argument that means nothing is an error that says what it could be:
--   cohort         the cohort's name
--   is_fit         true
--
-- What is known to be right while the question is bound needs no table. For the rest:
-- error() in a predicate on a scanned table is skipped when all its row groups are pruned: this row
-- must be read in a materialised CTE, and by a branch of its own (WHERE NOT is_fit) that stays when
-- a table is empty.
--
--   FROM checked_question('all', 'raw', 'as_called', 'any');

CREATE OR REPLACE MACRO checked_question(in_cohort, in_policy, in_ploidy, in_filter) AS TABLE
WITH fit AS (SELECT in_cohort::VARCHAR AS cohort, true AS is_fit),
looked_up AS (
    SELECT
        coalesce(
            max(cohort) FILTER (cohort = in_cohort),
            error(
                'no cohort is named ' || quoted_name(in_cohort)
                || coalesce(
                    '; the nearest is '
                    || quoted_name(arg_min(cohort, levenshtein(lower(cohort), lower(in_cohort)))),
                    ''
                )
            )
        ) AS cohort,
        CASE
            WHEN in_policy IS NULL OR in_policy NOT IN ('raw', 'raw_blocks', 'adj@1')
                THEN error(
                    'in_policy is ''raw'', ''raw_blocks'' or ''adj@1'', not '
                    || quoted_name(in_policy)
                )
            WHEN in_ploidy IS NULL OR in_ploidy NOT IN ('as_called', 'by_sex')
                THEN error(
                    'in_ploidy is ''as_called'' or ''by_sex'', not ' || quoted_name(in_ploidy)
                )
            WHEN in_filter IS NULL OR in_filter NOT IN ('any', 'pass')
                THEN error('in_filter is ''any'' or ''pass'', not ' || quoted_name(in_filter))
            WHEN in_policy = 'adj@1' AND count(judged) = 0
                THEN error(
                    'policy adj@1 needs GQ, DP and AD, and no batch of this lake declares all '
                    || 'three; ask with policy raw'
                )
            ELSE true
        END AS is_fit
    FROM cohorts
    -- No table is read here where the policy needs none of its fields.
    LEFT JOIN (SELECT DISTINCT has_adj AS judged FROM batches WHERE in_policy = 'adj@1' AND has_adj)
        ON true
)
-- Only what query_table() names is bound and planned.
FROM query_table(
    CASE
        WHEN
            is_known_cohort(in_cohort::VARCHAR)
            AND in_policy IN ('raw', 'raw_blocks')
            AND in_ploidy IN ('as_called', 'by_sex')
            AND in_filter IN ('any', 'pass')
            THEN 'fit'
        ELSE 'looked_up'
    END
);
