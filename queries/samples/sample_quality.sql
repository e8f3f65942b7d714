-- sample_quality: how well was each sample of a cohort called, and does it look like the others?
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--
-- One row per sample, everything that was called (policy raw, as called). Genotypes are those of
-- records: what a reference block says of a sample is none:
--   sample_id              name of the sample in its VCF
--   participant_id         the person
--   sex                    'XX', 'XY' or NULL
--   batch                  the batch that brought it
--   genotypes              variants at which the sample was asked: called + half_called + missing
--   called                 of them, with all alleles called
--   half_called            with one of two alleles called (./0, ./1)
--   missing                without a called allele
--   call_rate              called / genotypes, in [0, 1]; NULL if none was asked
--   variants               variants with at least one copy
--   heterozygotes          of them, with one copy of two called alleles
--   homozygotes            with two copies
--   hemizygotes            with the one allele there is room for
--   singletons             with the only copy in the cohort
--   snv                    of the variants, one base for another
--   insertions             alt longer than ref
--   deletions              alt shorter than ref
--   other_variants         all else: several bases for as many, <DEL>, breakends
--   transitions            changes of one base among purines or among pyrimidines
--   transversions          other changes of one base
--   titv                   transitions / transversions; NULL without transversions
--   het_hom                heterozygotes / homozygotes; NULL without homozygotes
--   mean_dp                mean reads (FORMAT DP) over all its genotypes that have it, reference
--                          included; NULL without, and in a region that is no whole contig
--   mean_gq                mean genotype quality (FORMAT GQ) likewise, Phred
--   autosomal_genotypes    genotypes on autosomes with two called alleles; NULL for a sample that
--                          was asked alone
--   observed_homozygotes   of them, those that are no heterozygotes; NULL likewise
--   expected_homozygotes   of them, as many as 1 - 2 p (1 - p) adds up to, p being the frequency in
--                          the cohort (plink2 --het); NULL likewise
--   inbreeding             (observed - expected) / (autosomal_genotypes - expected), the sample's
--                          F: 0 if people mate at random; NULL likewise, and where nothing varies
--
--   FROM sample_quality('all') WHERE call_rate < 0.97;

CREATE OR REPLACE MACRO sample_quality(in_cohort, in_region := NULL) AS TABLE
WITH counts AS MATERIALIZED (
    SELECT
        contig, position, ref, alt, end_position, sv_length,
        ac, an_record + an_block + an_assumed AS an
    FROM allele_counts(in_cohort, NULL, in_region, 'raw', 'as_called', 'any')
),
single AS MATERIALIZED (
    SELECT contig, position, ref, alt, end_position, sv_length FROM counts WHERE ac = 1
),
-- Sums of depth and quality are kept by contig.
spans AS MATERIALIZED (
    SELECT
        s.contig, span_start = 1 AND span_end >= k.length_bp AS is_whole
    FROM asked_spans(in_region) s
    JOIN contigs k ON s.contig = k.contig
),
depths AS (
    SELECT
        q.sample_number,
        sum(q.dp_sum) / nullif(sum(q.dp_n), 0) AS mean_dp,
        sum(q.gq_sum) / nullif(sum(q.gq_n), 0) AS mean_gq
    FROM sample_counts q
    JOIN spans s ON q.contig = s.contig
    GROUP BY q.sample_number
    HAVING bool_and(s.is_whole)
),
joined AS (
    SELECT
        m.sample_id, m.participant_id, m.sex, m.batch,
        g.genotypes,
        g.missing,
        g.half_references + coalesce(t.half_calls, 0) AS half_called,
        coalesce(t.variants, 0) AS variants,
        coalesce(t.heterozygotes, 0) AS heterozygotes,
        coalesce(t.homozygotes, 0) AS homozygotes,
        coalesce(t.hemizygotes, 0) AS hemizygotes,
        coalesce(t.singletons, 0) AS singletons,
        coalesce(t.snv, 0) AS snv,
        coalesce(t.insertions, 0) AS insertions,
        coalesce(t.deletions, 0) AS deletions,
        coalesce(t.transitions, 0) AS transitions,
        coalesce(t.transversions, 0) AS transversions,
        d.mean_dp,
        d.mean_gq,
        g.judged_genotypes,
        coalesce(t.autosomal_heterozygotes, 0) AS autosomal_heterozygotes,
        g.judged_genotypes - g.expected_heterozygotes AS expected,
        g.expected_heterozygotes
    FROM cohort_samples(in_cohort) m
    JOIN sample_genotypes(in_cohort, in_region, 'counts', 'autosome') g
        ON m.sample_number = g.sample_number
    LEFT JOIN sample_tallies(in_cohort, in_region, 'raw', 'as_called', 'any', 'single') t
        ON m.sample_number = t.sample_number
    LEFT JOIN depths d ON m.sample_number = d.sample_number
)
SELECT
    sample_id,
    participant_id,
    sex,
    batch,
    genotypes,
    genotypes - half_called - missing AS called,
    half_called,
    missing,
    (genotypes - half_called - missing) / nullif(genotypes, 0) AS call_rate,
    variants,
    heterozygotes,
    homozygotes,
    hemizygotes,
    singletons,
    snv,
    insertions,
    deletions,
    variants - snv - insertions - deletions AS other_variants,
    transitions,
    transversions,
    transitions / nullif(transversions, 0) AS titv,
    heterozygotes / nullif(homozygotes, 0) AS het_hom,
    mean_dp,
    mean_gq,
    judged_genotypes AS autosomal_genotypes,
    judged_genotypes - autosomal_heterozygotes AS observed_homozygotes,
    expected AS expected_homozygotes,
    -- Sums of many small numbers: what is left of nothing is no variation.
    CASE
        WHEN expected_heterozygotes > 1e-9
            THEN 1 - autosomal_heterozygotes / expected_heterozygotes
    END AS inbreeding
FROM joined;
