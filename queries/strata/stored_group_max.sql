-- stored_group_max: grpmax and fafmax of stored frequencies.
--
--   in_name       the name of frequencies that `allelake materialize` stored
--   in_policy     one of the policies they were stored with: 'raw', 'raw_blocks' or 'adj@1'
--   in_left_out   list of values that are no candidates, besides those of --leave-out
--
-- Groups are the values of the first attribute of --by. One row per variant, as of group_max:
--   contig              the contig, as the lake's assembly names it
--   position            first base of ref, 1-based
--   ref                 reference allele
--   alt                 alternate allele
--   grpmax              the group with the highest af among those with a copy; NULL where none has
--   ac_grpmax           copies of alt there
--   an_grpmax           called alleles there
--   af_grpmax           ac_grpmax / an_grpmax
--   homozygotes_grpmax  people with two copies there
--   fafmax95            the highest filtering allele frequency of a group, 95 %; NULL where none is
--                       above 0
--   fafmax95_group      the group that has it
--   fafmax99            the same at 99 %
--   fafmax99_group      the group that has it
--   end_position        last base of the variant, 1-based
--   sv_length           SVLEN of a symbolic allele; NULL otherwise
--
--   FROM stored_group_max('all') ORDER BY contig, position LIMIT 10;

CREATE OR REPLACE MACRO stored_group_max(
    in_name := 'all', in_policy := 'raw', in_left_out := []
) AS TABLE
WITH fit AS MATERIALIZED (
    SELECT
        CASE
            WHEN count(*) FILTER (name = in_name) = 0 THEN error(
                'no frequencies named ' || quoted_name(in_name) || ' are stored; '
                || coalesce(
                    'there are ' || string_agg(name, ', '),
                    'allelake materialize LAKE --by ATTRIBUTE stores them'
                )
            )
            ELSE max(result) FILTER (name = in_name)
        END AS result,
        max(settings ->> '$.by[0]') FILTER (name = in_name) AS attribute,
        list_concat(
            in_left_out::VARCHAR[],
            max((settings -> '$.leave_out')::VARCHAR[]) FILTER (name = in_name)
        ) AS left_out,
        max((settings -> '$.policies')::VARCHAR[]) FILTER (name = in_name) AS policies
    FROM results
    WHERE kind = 'frequencies'
),
chosen AS MATERIALIZED (
    SELECT
        *,
        CASE
            -- Where there is no result, what reads it is the error.
            WHEN result IS NOT NULL AND list_contains(policies, in_policy) THEN in_policy
            ELSE error(
                'these frequencies are stored with policy ' || array_to_string(policies, ', ')
                || ', not ' || quoted_name(in_policy)
            )
        END AS policy
    FROM fit
),
groups AS (
    SELECT
        f.*,
        s.attributes = [q.attribute] AND NOT list_contains(q.left_out, f.stratum) AS is_candidate
    FROM chosen q
    JOIN frequencies f ON f.result = q.result AND f.policy = q.policy
    JOIN strata s ON s.result = f.result AND s.stratum = f.stratum
    WHERE len(s.attributes) < 2
)
FROM largest_groups('groups')
UNION ALL BY NAME
SELECT policy AS contig FROM chosen WHERE policy IS NULL;
