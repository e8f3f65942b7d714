-- sample_summary: what does each sample of a cohort carry, and how well was it called?
--
--   in_cohort        a cohort's name; an unknown name is an error, not an empty answer
--
-- One row per sample, over the whole lake, everything that was called (policy raw, as called):
--   sample_id        name of the sample in its VCF
--   participant_id   the person
--   sex              'XX', 'XY' or NULL
--   batch            the batch that brought it
--   variants         variants with at least one copy
--   heterozygotes    of them, with one copy of two called alleles
--   homozygotes      with two copies
--   hemizygotes      with the one allele there is room for
--   half_calls       with one copy and one missing allele
--   singletons       with the only copy in the cohort
--   transitions      changes of one base among purines or among pyrimidines
--   transversions    other changes of one base
--   titv             transitions / transversions; NULL without transversions
--   het_hom          heterozygotes / homozygotes; NULL without homozygotes
--   genotypes        variants at which the sample was asked
--   missing          of them, without a called allele
--   call_rate        fully called genotypes / genotypes, in [0, 1]; NULL if none was asked
--   mean_dp          mean reads (FORMAT DP) over all its genotypes that have it, reference included
--   mean_gq          mean genotype quality (FORMAT GQ) likewise, Phred
--
--   FROM sample_summary('all') ORDER BY singletons DESC LIMIT 10;

CREATE OR REPLACE MACRO sample_summary(in_cohort) AS TABLE
WITH single AS MATERIALIZED (
    SELECT contig, position, ref, alt, end_position, sv_length
    FROM allele_counts(in_cohort, NULL, NULL, 'raw', 'as_called', 'any')
    WHERE ac = 1
)
SELECT
    m.sample_id,
    m.participant_id,
    m.sex,
    m.batch,
    coalesce(t.variants, 0) AS variants,
    coalesce(t.heterozygotes, 0) AS heterozygotes,
    coalesce(t.homozygotes, 0) AS homozygotes,
    coalesce(t.hemizygotes, 0) AS hemizygotes,
    coalesce(t.half_calls, 0) AS half_calls,
    coalesce(t.singletons, 0) AS singletons,
    coalesce(t.transitions, 0) AS transitions,
    coalesce(t.transversions, 0) AS transversions,
    t.transitions / nullif(t.transversions, 0) AS titv,
    t.heterozygotes / nullif(t.homozygotes, 0) AS het_hom,
    coalesce(q.genotypes, 0) AS genotypes,
    coalesce(q.missing, 0) AS missing,
    q.fully_called / nullif(q.genotypes, 0) AS call_rate,
    q.dp_sum / nullif(q.dp_n, 0) AS mean_dp,
    q.gq_sum / nullif(q.gq_n, 0) AS mean_gq
FROM cohort_samples(in_cohort) m
LEFT JOIN sample_tallies(in_cohort, NULL, 'raw', 'as_called', 'any', 'single') t
    ON m.sample_number = t.sample_number
LEFT JOIN (
    SELECT
        sample_number,
        sum(genotypes)::BIGINT AS genotypes,
        sum(missing_genotypes)::BIGINT AS missing,
        sum(genotypes - missing_genotypes - half_calls)::BIGINT AS fully_called,
        sum(dp_n)::BIGINT AS dp_n,
        sum(dp_sum)::BIGINT AS dp_sum,
        sum(gq_n)::BIGINT AS gq_n,
        sum(gq_sum)::BIGINT AS gq_sum
    FROM sample_counts
    GROUP BY sample_number
) q ON m.sample_number = q.sample_number;
