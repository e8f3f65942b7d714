-- carried: every genotype of a cohort with at least one copy that counts.
--
--   in_cohort         a cohort's name
--   in_region         NULL, a region or a list of regions
--   in_policy         'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy         'as_called' or 'by_sex'
--   in_filter         'any' or 'pass'
--   is_with_filters   whether the records' filters are looked up, which costs a join
--
-- One row per variant and sample, in both tiers:
--   contig            the contig, as the lake's assembly names it
--   position          first base of ref, 1-based
--   ref               reference allele
--   alt               alternate allele
--   end_position      last base of the variant, 1-based
--   sv_length         SVLEN of a symbolic allele; NULL otherwise
--   batch             the batch of the sample
--   sample_number     number of the sample
--   sample_id         name of the sample in its VCF
--   participant_id    the person
--   sex               'XX', 'XY' or NULL
--   copies            copies of alt that count: 1 or 2
--   alleles           called alleles that count: 1 or 2
--   is_haploid        whether the one allele is all there is room for
--   ploidy            alleles the genotype has room for, as called
--   haplotype         1 or 2: which allele of a phased genotype is alt
--   phase_set         FORMAT PS
--   dp                reads
--   gq                genotype quality, Phred
--   ad_ref            reads of ref
--   ad_alt            reads of alt
--   filters           of the record: PASS, . (not filtered) or the filters failed; NULL without
--                     is_with_filters
--
--   FROM carried('all', '22', 'raw', 'as_called', 'any', true) LIMIT 10;

CREATE OR REPLACE MACRO carried(
    in_cohort, in_region, in_policy, in_ploidy, in_filter, is_with_filters
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question(in_cohort, in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT m.sample_number, m.batch, s.sample_id, s.participant_id, s.sex
    FROM question q
    JOIN cohort_members m ON q.cohort = m.cohort AND q.is_fit
    JOIN samples s ON m.sample_number = s.sample_number
)
FROM carried_by('member', in_region, in_policy, in_ploidy, in_filter, is_with_filters, true)
-- Without this branch a wrong name would go unseen in a lake whose tables are empty. It gives no
-- row; no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    cohort, try_cast(cohort AS INTEGER), cohort, cohort, try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), cohort,
    cohort, cohort, try_cast(cohort AS TINYINT), try_cast(cohort AS TINYINT),
    try_cast(cohort AS BOOLEAN), try_cast(cohort AS TINYINT), try_cast(cohort AS TINYINT),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER),
    try_cast(cohort AS INTEGER), try_cast(cohort AS INTEGER), cohort
FROM question
WHERE NOT is_fit;
