-- hardy_weinberg_figures: the tests of Hardy-Weinberg proportions, and F, of counted genotypes.
--
--   in_tables   name of a relation: rows of diploid_counts()
--
-- One row per row of it:
--   contig                   the contig, as the lake's assembly names it
--   position                 first base of ref, 1-based
--   ref                      reference allele
--   alt                      alternate allele
--   attribute_value          as in_tables has it
--   homozygous_reference     people with two called alleles and no copy
--   heterozygotes            people with one copy
--   homozygotes              people with two copies
--   expected_heterozygotes   expected number of people with one copy; NULL if nobody counts
--   p_exact                  exact two-sided p; NULL if nobody counts, on Y and MT
--   p_mid                    mid-p; NULL as p_exact
--   p_excess                 exact p of as many heterozygotes as seen, or more; NULL as p_exact
--   inbreeding               F; NULL as p_exact, and where only one allele is seen
--   end_position             last base of the variant, 1-based
--   sv_length                SVLEN of a symbolic allele; NULL otherwise
--
--   FROM hardy_weinberg_figures('tables');

CREATE OR REPLACE MACRO hardy_weinberg_figures(in_tables) AS TABLE
-- Many variants share their three counts: each three are weighed once.
WITH diploid AS (FROM query_table(in_tables) WHERE is_diploid)
SELECT
    c.contig,
    c.position,
    c.ref,
    c.alt,
    c.attribute_value,
    c.homozygous_reference,
    c.heterozygotes,
    c.homozygotes,
    -- As Hail: of all pairs of the 2n alleles, those of one kind with one of the other.
    CASE
        WHEN c.people > 0
            THEN (2 * c.people - c.alternate_alleles) * c.alternate_alleles / (2.0 * c.people - 1)
    END AS expected_heterozygotes,
    t.p_exact,
    t.p_mid,
    t.p_excess,
    CASE
        WHEN c.is_diploid
            THEN 1 - 2.0 * c.people * c.heterozygotes
            / nullif((2 * c.people - c.alternate_alleles) * c.alternate_alleles, 0)
    END AS inbreeding,
    c.end_position,
    c.sv_length
FROM query_table(in_tables) c
LEFT JOIN hardy_weinberg_tests('diploid') t
    ON c.is_diploid
    AND c.homozygous_reference = t.homozygous_reference
    AND c.heterozygotes = t.heterozygotes
    AND c.homozygotes = t.homozygotes;
