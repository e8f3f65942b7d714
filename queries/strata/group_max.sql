-- group_max: in which group is each alternate allele most common, and how common at least?
--
--   in_cohort      a cohort's name; an unknown name is an error, not an empty answer
--   in_attribute   the groups: 'sex', 'batch' or a column of imported metadata
--   in_left_out    list of values that are no candidates (bottlenecked groups, the remaining)
--   in_region      NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy      which genotypes count: 'raw', 'raw_blocks' or 'adj@1', which gnomAD takes
--   in_ploidy      'as_called', or 'by_sex', which gnomAD takes
--   in_filter      'any', or 'pass': only records that are PASS or were not filtered
--
-- gnomAD's grpmax and fafmax. One row per variant the lake knows there; people without a value are
-- in no group. Of groups that are equal it is the first by name:
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
--   FROM group_max('all', 'sex', in_region := '22') WHERE fafmax95 > 0.01;

CREATE OR REPLACE MACRO group_max(
    in_cohort,
    in_attribute,
    in_left_out := [],
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH fit AS MATERIALIZED (FROM known_groups(in_attribute, in_left_out)),
groups AS (
    SELECT
        s.*,
        s.stratum <> 'all' AND NOT list_contains(in_left_out::VARCHAR[], s.stratum) AS is_candidate
    FROM frequency_strata(
        in_cohort, in_attribute, in_region, in_policy, in_ploidy, in_filter
    ) s
    JOIN fit ON fit.is_fit
)
FROM largest_groups('groups')
-- Without this branch an unknown group would be no error where there is no variant.
UNION ALL BY NAME
SELECT error('not fit')::VARCHAR AS contig FROM fit WHERE NOT is_fit;
