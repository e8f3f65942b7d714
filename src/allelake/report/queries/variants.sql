-- variants: what the lake knows along each contig, how frequent it is, and what AN rests on.
--
--   $cohort   the cohort
--   $width    bases in a stretch
--
-- One row per contig, stretch and class of frequency in the cohort (NULL: nobody carries it), so
-- that one reading of the lake serves several pictures:
--   variants                   variants of the class there
--   record, block, assumed     called alleles by what they rest on, summed over these variants
--   unknown                    people of whom nothing is known, likewise

SELECT
    contig,
    position // $width AS stretch,
    CASE
        WHEN ac = 0 THEN NULL
        WHEN ac = 1 THEN 0
        WHEN ac < 0.001 * an THEN 1
        WHEN ac < 0.005 * an THEN 2
        WHEN ac < 0.01 * an THEN 3
        WHEN ac < 0.05 * an THEN 4
        WHEN ac < 0.2 * an THEN 5
        WHEN ac < 0.5 * an THEN 6
        ELSE 7
    END AS class,
    count(*) AS variants,
    sum(an_record) AS record,
    sum(an_block) AS block,
    sum(an_assumed) AS assumed,
    sum(unknown_samples) AS unknown
FROM allele_frequency($cohort)
JOIN contigs USING (contig)
GROUP BY ALL
ORDER BY any_value(contig_order), stretch, class
