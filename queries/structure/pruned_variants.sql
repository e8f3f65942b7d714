-- pruned_variants: which sites of a cohort tell people apart, each on its own?
--
--   in_cohort   the cohort whose sites were pruned; an error where they were not
--
-- One row per site that `allelake structure prune` kept, in the order of the genome:
--   contig        the contig, as the lake's assembly names it
--   position      the base, 1-based
--   ref           reference allele
--   alt           alternate allele
--   snapshot      the snapshot that it says
--   stale_reason  why it does not hold any more; NULL where it does
--
--   FROM pruned_variants('all') LIMIT 10;

CREATE OR REPLACE MACRO pruned_variants(in_cohort) AS TABLE
WITH asked AS MATERIALIZED (
    FROM stored_result('pruned_sites', in_cohort, 'allelake structure prune')
)
(
    SELECT p.contig, p.position, p.ref, p.alt, a.snapshot, a.stale_reason
    FROM pruned_sites p
    JOIN asked a ON p.result = a.result AND a.is_fit
    JOIN contigs c ON p.contig = c.contig
    ORDER BY c.contig_order, p.position
)
UNION ALL BY NAME
-- Stays where no site is stored at all, so that the error is raised there too.
SELECT snapshot FROM asked WHERE NOT is_fit;
