-- common_snvs: which variants tell people apart: common SNVs with one alt, called in nearly all?
--
--   in_cohort    a cohort's name; an unknown name is an error, not an empty answer
--   min_maf      least frequency of the rarer allele in the cohort
--   max_missing  largest share of the cohort's alleles that may be unknown
--   in_filter    'any', or 'pass': only records that are PASS or were not filtered
--
-- One row per SNV on an autosome whose position has no other SNV in this lake, and whose records
-- in joint batches list no other ALT. Genotypes as called, policy raw, in no promised order:
--   contig     the contig, as the lake's assembly names it
--   position   the base, 1-based
--   ref        reference allele
--   alt        alternate allele
--   af         ac / an in the cohort
--   an         called alleles
--
--   FROM common_snvs('all', min_maf := 0.05);

CREATE OR REPLACE MACRO common_snvs(
    in_cohort, min_maf := 0.01, max_missing := 0.05, in_filter := 'any'
) AS TABLE
WITH people AS MATERIALIZED (
    SELECT count(*) AS samples FROM cohort_members WHERE cohort = in_cohort
),
snvs AS MATERIALIZED (
    SELECT
        s.contig, s.position, s.ref, s.alt,
        -- A gVCF's record lists <NON_REF> beside its ALT.
        max(CASE WHEN s.source_sample IS NULL THEN s.record_alt_total ELSE 1 END) AS alts
    FROM sites s
    WHERE s.ref IN ('A', 'C', 'G', 'T') AND s.alt IN ('A', 'C', 'G', 'T')
    GROUP BY ALL
),
alone AS MATERIALIZED (
    SELECT contig, position
    FROM snvs
    JOIN contigs USING (contig)
    WHERE contigs.kind = 'autosome'
    GROUP BY contig, position
    HAVING count(*) = 1 AND max(alts) = 1
)
SELECT f.contig, f.position, f.ref, f.alt, f.af, f.an
FROM allele_frequency(in_cohort, in_filter := in_filter) f
JOIN alone a ON f.contig = a.contig AND f.position = a.position
CROSS JOIN people p
WHERE
    f.ref IN ('A', 'C', 'G', 'T')
    AND f.alt IN ('A', 'C', 'G', 'T')
    -- Of counts, and with plink2's allowance: 1 - 0.9 is less than 0.1 to a computer.
    AND least(f.ac, f.an - f.ac) >= min_maf * f.an * (1 - 6e-14)
    AND f.an > 0
    AND 2 * p.samples - f.an <= max_missing * 2 * p.samples * (1 + 6e-14);
