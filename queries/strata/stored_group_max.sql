-- stored_group_max: grpmax and fafmax of stored frequencies.
--
--   in_name       the name of frequencies that `allelake materialize` stored
--   in_policy     one of the policies they were stored with; NULL: the only one, or adj@1
--   in_left_out   list of groups that are no candidates; NULL: those of --leave-out
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
--   fafmax95            the highest filtering allele frequency of a group, 95 %; NULL where all are 0
--   fafmax95_group      the group that has it
--   fafmax99            the same at 99 %
--   fafmax99_group      the group that has it
--   end_position        last base of the variant, 1-based
--   sv_length           SVLEN of a symbolic allele; NULL otherwise
--
--   SELECT count(*) FROM results WHERE kind = 'frequencies';

CREATE OR REPLACE MACRO stored_group_max(
    in_name := 'all', in_policy := NULL, in_left_out := NULL
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
        coalesce(
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
            WHEN in_policy IS NULL AND len(policies) = 1 THEN policies[1]
            WHEN list_contains(policies, coalesce(in_policy, 'adj@1'))
                THEN coalesce(in_policy, 'adj@1')
            ELSE error(
                'these frequencies are stored with policy ' || array_to_string(policies, ', ')
                || ', not ' || coalesce(in_policy, 'adj@1')
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
