-- cohort_summary: a cohort at a glance.
--
--   in_cohort   a cohort's name; an unknown name is an error, not an empty answer
--   in_region   NULL (everything), a region such as 'chr22:16,050,000-16,060,000', or a list of them
--   in_policy   which genotypes count: 'raw' (all that were called) or 'adj@1' (gnomAD's adj)
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
        *,
        an_record + an_assumed AS an,
        CASE WHEN ac > 0 THEN variant_kind(ref, alt) END AS seen_kind,
        CASE WHEN ac > 0 THEN is_transition(ref, alt) END AS is_seen_transition,
        CASE
            WHEN an_record + an_assumed = 0 THEN 'not_called'
            WHEN ac = 0 THEN 'monomorphic'
            WHEN ac = 1 THEN 'singleton'
            WHEN ac < 0.01 * (an_record + an_assumed) THEN 'rare'
            WHEN ac < 0.05 * (an_record + an_assumed) THEN 'low'
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
        sum(recorded_samples) AS asked,
        sum(recorded_samples - missing - half_calls - half_references) AS fully_called
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
t AS (
    SELECT
        avg(transitions / nullif(transversions, 0)) AS titv,
        avg(heterozygotes / nullif(homozygotes, 0)) AS het_hom
    FROM sample_tallies(in_cohort, in_region, in_policy, in_ploidy, in_filter, false)
)
SELECT unnest([
    {'section': 'people', 'item': 'samples', 'value': p.samples::DOUBLE, 'note': 'members of the cohort'},
    {'section': 'people', 'item': 'participants', 'value': p.participants, 'note': 'different people among them'},
    {'section': 'people', 'item': 'XX', 'value': p.xx, 'note': 'samples'},
    {'section': 'people', 'item': 'XY', 'value': p.xy, 'note': 'samples'},
    {'section': 'people', 'item': 'sex unknown', 'value': p.unknown_sex, 'note': 'samples'},
    {'section': 'variants', 'item': 'known', 'value': v.known, 'note': 'in the lake, in this region'},
    {'section': 'variants', 'item': 'seen', 'value': v.seen, 'note': 'carried by somebody in the cohort'},
    {'section': 'kind', 'item': 'snv', 'value': v.snv, 'note': 'of those seen: one base for another'},
    {'section': 'kind', 'item': 'mnv', 'value': v.mnv, 'note': 'several bases for as many'},
    {'section': 'kind', 'item': 'insertion', 'value': v.insertion, 'note': 'alt longer than ref'},
    {'section': 'kind', 'item': 'deletion', 'value': v.deletion, 'note': 'alt shorter than ref'},
    {'section': 'kind', 'item': 'symbolic', 'value': v.symbolic, 'note': 'such as <DEL>'},
    {'section': 'kind', 'item': 'breakend', 'value': v.breakend, 'note': 'joins two places'},
    {'section': 'frequency', 'item': 'not called', 'value': v.not_called, 'note': 'of those known: an is 0'},
    {'section': 'frequency', 'item': 'monomorphic', 'value': v.monomorphic, 'note': 'ac is 0'},
    {'section': 'frequency', 'item': 'singleton', 'value': v.singleton, 'note': 'ac is 1'},
    {'section': 'frequency', 'item': 'rare', 'value': v.rare, 'note': 'ac above 1, af below 1%'},
    {'section': 'frequency', 'item': 'low', 'value': v.low, 'note': 'ac above 1, af from 1% to below 5%'},
    {'section': 'frequency', 'item': 'common', 'value': v.common, 'note': 'ac above 1, af of 5% and more'},
    {'section': 'substitutions', 'item': 'transitions', 'value': v.transitions, 'note': 'of the snv seen: A/G or C/T'},
    {'section': 'substitutions', 'item': 'transversions', 'value': v.transversions, 'note': 'the other snv'},
    {'section': 'substitutions', 'item': 'titv', 'value': v.transitions / nullif(v.transversions, 0), 'note': 'transitions / transversions, each variant once'},
    {'section': 'genotypes', 'item': 'heterozygotes', 'value': v.heterozygotes, 'note': 'genotypes with one copy of two alleles'},
    {'section': 'genotypes', 'item': 'homozygotes', 'value': v.homozygotes, 'note': 'with two copies'},
    {'section': 'genotypes', 'item': 'hemizygotes', 'value': v.hemizygotes, 'note': 'with the one allele there is room for'},
    {'section': 'genotypes', 'item': 'half calls', 'value': v.half_calls, 'note': 'with one copy and a missing allele'},
    {'section': 'genotypes', 'item': 'missing', 'value': v.missing, 'note': 'without a called allele that counts'},
    {'section': 'genotypes', 'item': 'het_hom', 'value': v.heterozygotes / nullif(v.homozygotes, 0), 'note': 'heterozygotes / homozygotes'},
    {'section': 'genotypes', 'item': 'call_rate', 'value': v.fully_called / nullif(v.asked, 0), 'note': 'fully called / asked in a record with genotypes'},
    {'section': 'per_person', 'item': 'heterozygotes', 'value': v.heterozygotes / nullif(p.samples, 0), 'note': 'mean per sample'},
    {'section': 'per_person', 'item': 'homozygotes', 'value': v.homozygotes / nullif(p.samples, 0), 'note': 'mean per sample'},
    {'section': 'per_person', 'item': 'singletons', 'value': v.singleton / nullif(p.samples, 0), 'note': 'mean per sample'},
    {'section': 'per_person', 'item': 'titv', 'value': t.titv, 'note': 'mean over samples with transversions'},
    {'section': 'per_person', 'item': 'het_hom', 'value': t.het_hom, 'note': 'mean over samples with homozygotes'}
], recursive := true)
FROM v CROSS JOIN p CROSS JOIN t;
