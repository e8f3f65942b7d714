-- cohort_summary: a cohort at a glance.
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list
--   in_policy   which genotypes count: 'raw' (all that were called), 'raw_blocks' (and reference
--               blocks without reads) or 'adj@1' (gnomAD's adj)
--   in_ploidy   'as_called', or 'by_sex': XX on Y is missing, XY outside PAR has one allele, and a
--               sample of unknown sex is unknown on X outside PAR and on Y
--   in_filter   'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per figure, in reading order:
--   section     people, variants, kind, frequency, substitutions, genotypes or per_person
--   item        what is counted
--   value       the figure; NULL where it would be a division by nothing
--   note        what exactly it counts
--
--   FROM cohort_summary('all', in_region := '22');

CREATE OR REPLACE MACRO cohort_summary(
    in_cohort,
    in_region := NULL,
    in_policy := 'raw',
    in_ploidy := 'as_called',
    in_filter := 'any'
) AS TABLE
WITH variants AS MATERIALIZED (
    SELECT
        * EXCLUDE (missing),
        an_record + an_block + an_assumed AS an,
        missing + covered_missing AS missing,
        CASE WHEN ac > 0 THEN variant_kind(ref, alt) END AS seen_kind,
        CASE WHEN ac > 0 THEN is_transition(ref, alt) END AS is_seen_transition,
        CASE
            WHEN an_record + an_block + an_assumed = 0 THEN 'not_called'
            WHEN ac = 0 THEN 'monomorphic'
            WHEN ac = 1 THEN 'singleton'
            WHEN ac < 0.01 * (an_record + an_block + an_assumed) THEN 'rare'
            WHEN ac < 0.05 * (an_record + an_block + an_assumed) THEN 'low'
            ELSE 'common'
        END AS class
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter)
),
v AS (
    SELECT
        count(*) AS known,
        count(*) FILTER (ac > 0) AS seen,
        count(*) FILTER (seen_kind = 'snv') AS snv,
        count(*) FILTER (seen_kind = 'mnv') AS mnv,
        count(*) FILTER (seen_kind = 'insertion') AS insertion,
        count(*) FILTER (seen_kind = 'deletion') AS deletion,
        count(*) FILTER (seen_kind = 'symbolic') AS symbolic,
        count(*) FILTER (seen_kind = 'breakend') AS breakend,
        count(*) FILTER (class = 'not_called') AS not_called,
        count(*) FILTER (class = 'monomorphic') AS monomorphic,
        count(*) FILTER (class = 'singleton') AS singleton,
        count(*) FILTER (class = 'rare') AS rare,
        count(*) FILTER (class = 'low') AS low,
        count(*) FILTER (class = 'common') AS common,
        count(*) FILTER (is_seen_transition) AS transitions,
        count(*) FILTER (NOT is_seen_transition) AS transversions,
        coalesce(sum(heterozygotes), 0) AS heterozygotes,
        coalesce(sum(homozygotes), 0) AS homozygotes,
        coalesce(sum(hemizygotes), 0) AS hemizygotes,
        coalesce(sum(half_calls), 0) AS half_calls,
        coalesce(sum(missing), 0) AS missing,
        sum(recorded_samples + covered_samples) AS asked,
        sum(recorded_samples + covered_samples - missing - half_calls - half_references)
            AS fully_called
    FROM variants
),
p AS (
    SELECT
        count(*) AS samples,
        count(DISTINCT participant_id) AS participants,
        count(*) FILTER (sex = 'XX') AS xx,
        count(*) FILTER (sex = 'XY') AS xy,
        count(*) FILTER (sex IS NULL) AS unknown_sex
    FROM cohort_samples(in_cohort)
),
-- No singleton is looked up by sample.
single AS (SELECT * FROM variants WHERE false),
t AS (
    SELECT
        avg(transitions / nullif(transversions, 0)) AS titv,
        avg(heterozygotes / nullif(homozygotes, 0)) AS het_hom
    FROM sample_tallies(in_cohort, in_region, in_policy, in_ploidy, in_filter, 'single')
)
SELECT unnest([
    figure('people', 'samples', p.samples, 'members of the cohort'),
    figure('people', 'participants', p.participants, 'different people among them'),
    figure('people', 'XX', p.xx, 'samples'),
    figure('people', 'XY', p.xy, 'samples'),
    figure('people', 'sex unknown', p.unknown_sex, 'samples'),
    figure('variants', 'known', v.known, 'in the lake, in this region'),
    figure('variants', 'seen', v.seen, 'carried by somebody in the cohort'),
    figure('kind', 'snv', v.snv, 'of those seen: one base for another'),
    figure('kind', 'mnv', v.mnv, 'several bases for as many'),
    figure('kind', 'insertion', v.insertion, 'alt longer than ref'),
    figure('kind', 'deletion', v.deletion, 'alt shorter than ref'),
    figure('kind', 'symbolic', v.symbolic, 'such as <DEL>'),
    figure('kind', 'breakend', v.breakend, 'joins two places'),
    figure('frequency', 'not called', v.not_called, 'of those known: an is 0'),
    figure('frequency', 'monomorphic', v.monomorphic, 'ac is 0'),
    figure('frequency', 'singleton', v.singleton, 'ac is 1'),
    figure('frequency', 'rare', v.rare, 'ac above 1, af below 1%'),
    figure('frequency', 'low', v.low, 'ac above 1, af from 1% to below 5%'),
    figure('frequency', 'common', v.common, 'ac above 1, af of 5% and more'),
    figure('substitutions', 'transitions', v.transitions, 'of the snv seen: A/G or C/T'),
    figure('substitutions', 'transversions', v.transversions, 'the other snv'),
    figure(
        'substitutions', 'titv', v.transitions / nullif(v.transversions, 0),
        'transitions / transversions, each variant once'
    ),
    figure('genotypes', 'heterozygotes', v.heterozygotes, 'genotypes with one copy of two alleles'),
    figure('genotypes', 'homozygotes', v.homozygotes, 'with two copies'),
    figure('genotypes', 'hemizygotes', v.hemizygotes, 'with the one allele there is room for'),
    figure('genotypes', 'half calls', v.half_calls, 'with one copy and a missing allele'),
    figure('genotypes', 'missing', v.missing, 'without a called allele that counts'),
    figure(
        'genotypes', 'het_hom', v.heterozygotes / nullif(v.homozygotes, 0),
        'heterozygotes / homozygotes'
    ),
    figure(
        'genotypes', 'call_rate', v.fully_called / nullif(v.asked, 0),
        'fully called / asked in a record or a reference block'
    ),
    figure(
        'per_person', 'heterozygotes', v.heterozygotes / nullif(p.samples, 0),
        'mean per sample'
    ),
    figure('per_person', 'homozygotes', v.homozygotes / nullif(p.samples, 0), 'mean per sample'),
    figure('per_person', 'singletons', v.singleton / nullif(p.samples, 0), 'mean per sample'),
    figure('per_person', 'titv', t.titv, 'mean over samples with transversions'),
    figure('per_person', 'het_hom', t.het_hom, 'mean over samples with homozygotes')
], recursive := true)
FROM v CROSS JOIN p CROSS JOIN t;
