-- stored_result: the stored result of a kind for a cohort; an error where there is none.
--
--   in_kind     kind of the result: kinship, pca, ...
--   in_cohort   the cohort's name, which is the result's
--   in_command  the command that stores one
--
-- One row:
--   result        number of the result
--   snapshot      the snapshot that it says
--   settings      what it was computed with, as JSON
--   stale_reason  why it does not hold any more; NULL where it does
--   is_fit        true
--
-- error() is skipped where what it is joined to is empty: read this row in a materialised CTE, and
-- by a branch of its own (WHERE NOT is_fit).
--
--   FROM stored_result('kinship', 'all', 'allelake structure kinship');

CREATE OR REPLACE MACRO stored_result(in_kind, in_cohort, in_command) AS TABLE
SELECT
    result,
    snapshot,
    settings,
    stale_reason,
    -- Here and not in `result`: a column that a question does not read may not be computed.
    coalesce(
        result,
        error(
            'no ' || in_kind || ' is stored for the cohort ' || quoted_name(in_cohort)
            || coalesce('; it is for ' || others, '')
            || '. `' || in_command || ' LAKE --cohort NAME` makes one'
        )
    ) IS NOT NULL AS is_fit
FROM (
    SELECT
        max(r.result) FILTER (is_asked) AS result,
        max(r.snapshot) FILTER (is_asked) AS snapshot,
        max(r.settings) FILTER (is_asked) AS settings,
        max(r.stale_reason) FILTER (is_asked) AS stale_reason,
        string_agg(quoted_name(r.name), ', ' ORDER BY r.name) FILTER (NOT is_asked) AS others
    FROM (SELECT *, name = in_cohort AS is_asked FROM results WHERE kind = in_kind) r
);
