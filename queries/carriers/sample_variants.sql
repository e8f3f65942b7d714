-- sample_variants: which alternate alleles does one sample carry?
--
--   in_sample   a sample's name as in its VCF; an unknown name is an error, not an empty answer.
--               Also one that no cohort counts, as its participant has another
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XY outside PAR carries one copy or none
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per variant with at least one copy that counts:
--   contig           the contig, as the lake's assembly names it
--   position         first base of ref, 1-based
--   ref              reference allele
--   alt              alternate allele
--   sample_id        name of the sample in its VCF
--   alt_count        copies of alt: 1 or 2
--   called_count     called alleles: 1 for a haploid genotype or a half-call, else 2
--   participant_id   the person
--   ploidy           alleles the genotype has room for, as called
--   haplotype        1 or 2: which allele of a phased genotype is alt; NULL where that is not known
--   phase_set        FORMAT PS
--   dp               reads (FORMAT DP)
--   gq               genotype quality (FORMAT GQ), Phred
--   ad_ref           reads of ref (FORMAT AD)
--   ad_alt           reads of alt (FORMAT AD)
--   batch            the batch of the sample
--   end_position     last base of the variant, 1-based
--   sv_length        SVLEN of a symbolic allele; NULL otherwise
--   filters          of the record in this batch: PASS, . (not filtered) or the filters failed
--
--   FROM sample_variants('S1', in_region := '22') ORDER BY position LIMIT 10;

CREATE OR REPLACE MACRO sample_variants(
    in_sample,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH question AS MATERIALIZED (
    FROM checked_question('all', in_policy, in_ploidy, in_filter)
),
member AS MATERIALIZED (
    SELECT s.sample_number, s.batch, s.sample_id, s.participant_id, s.sex
    FROM question q
    JOIN samples s ON q.is_fit
    WHERE s.sample_id = in_sample
),
checked AS MATERIALIZED (
    SELECT coalesce(
        max(sample_id), error('no sample is named ' || quoted_name(in_sample))
    ) AS sample_id
    FROM member
)
SELECT
    contig,
    position,
    ref,
    alt,
    sample_id,
    copies AS alt_count,
    alleles AS called_count,
    participant_id,
    ploidy,
    haplotype,
    phase_set,
    dp,
    gq,
    ad_ref,
    ad_alt,
    batch,
    end_position,
    sv_length,
    filters
FROM carried_by('member', in_region, in_policy, in_ploidy, in_filter, true, true, is_alone := true)
-- Without this branch a wrong name would give no row. It gives none itself; no column is a
-- constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    sample_id, try_cast(sample_id AS INTEGER), sample_id, sample_id, sample_id,
    try_cast(sample_id AS TINYINT), try_cast(sample_id AS TINYINT), sample_id,
    try_cast(sample_id AS TINYINT), try_cast(sample_id AS TINYINT), try_cast(sample_id AS INTEGER),
    try_cast(sample_id AS INTEGER), try_cast(sample_id AS INTEGER), try_cast(sample_id AS INTEGER),
    try_cast(sample_id AS INTEGER), try_cast(sample_id AS INTEGER), try_cast(sample_id AS INTEGER),
    try_cast(sample_id AS INTEGER), sample_id
FROM checked
WHERE sample_id IS NULL;
