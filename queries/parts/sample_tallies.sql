-- sample_tallies: what each sample of a cohort carries, counted.
--
--   in_cohort            a cohort's name
--   in_region            NULL, a region or a list of regions
--   in_policy            'raw', 'raw_blocks' or 'adj@1'
--   in_ploidy            'as_called' or 'by_sex'
--   in_filter            'any' or 'pass'
--   is_with_singletons   whether singletons are counted, which costs the frequencies of all
--                        variants
--
-- One row per sample that carries anything:
--   sample_number        number of the sample
--   variants             variants with at least one copy
--   heterozygotes        of them, with one copy of two called alleles
--   homozygotes          with two copies
--   hemizygotes          with the one allele there is room for
--   half_calls           with one copy and one missing allele
--   singletons           with the only copy in the cohort; 0 without is_with_singletons
--   transitions          changes of one base among purines or among pyrimidines
--   transversions        other changes of one base
--
--   FROM sample_tallies('all', '22', 'raw', 'as_called', 'any', true);

CREATE OR REPLACE MACRO sample_tallies(
    in_cohort, in_region, in_policy, in_ploidy, in_filter, is_with_singletons
) AS TABLE
SELECT
    c.sample_number,
    count(*) AS variants,
    count(*) FILTER (c.copies = 1 AND c.alleles = 2) AS heterozygotes,
    count(*) FILTER (c.copies = 2) AS homozygotes,
    count(*) FILTER (c.alleles = 1 AND c.is_haploid) AS hemizygotes,
    count(*) FILTER (c.alleles = 1 AND NOT c.is_haploid) AS half_calls,
    count(s.ac) AS singletons,
    count(*) FILTER (is_transition(c.ref, c.alt)) AS transitions,
    count(*) FILTER (NOT is_transition(c.ref, c.alt)) AS transversions
FROM carried(in_cohort, in_region, in_policy, in_ploidy, in_filter, false) c
LEFT JOIN (
    FROM allele_counts(in_cohort, NULL, in_region, in_policy, in_ploidy, in_filter) WHERE ac = 1
) s
    ON is_with_singletons
    AND c.contig = s.contig
    AND c.position = s.position
    AND c.ref = s.ref
    AND c.alt = s.alt
    AND c.end_position = s.end_position
    AND c.sv_length IS NOT DISTINCT FROM s.sv_length
GROUP BY c.sample_number;
