-- shown_strata: a temporary table of what is shown of `counted_strata` where small counts are hidden.
--
--   $alleles, $strata, $homozygotes, $largest   lists of one length, an element for each variant and
--                 stratum that is shown: its number in the chunk, the stratum, whether nhomalt is
--                 shown, and whether grpmax and fafmax of the variant are
--   $nearest      what counts are rounded to
--
-- One row per variant and stratum that is shown, as in `counted_strata`; what AN rests on is not.

CREATE OR REPLACE TEMP TABLE shown_strata AS
SELECT
    * EXCLUDE (has_homozygotes),
    ac / nullif(an, 0) AS af,
    faf(ac, an, 0.95) AS faf95,
    faf(ac, an, 0.99) AS faf99
FROM (
    SELECT
        t.contig,
        t.position,
        t.ref,
        t.alt,
        t.end_position,
        t.sv_length,
        t.stratum,
        t.is_candidate AND s.has_largest AS is_candidate,
        ((t.ac + $nearest // 2) // $nearest * $nearest)::BIGINT AS ac,
        ((t.an + $nearest // 2) // $nearest * $nearest)::BIGINT AS an,
        s.has_homozygotes,
        CASE WHEN s.has_homozygotes
            THEN ((t.homozygotes + $nearest // 2) // $nearest * $nearest)::BIGINT
        END AS homozygotes,
        NULL::BIGINT AS an_record,
        NULL::BIGINT AS an_block,
        NULL::BIGINT AS an_assumed
    FROM counted_strata t
    JOIN allele a ON t.position = a.position
        AND t.ref = a.ref
        AND t.alt = a.alt
        AND t.end_position = a.end_position
        AND t.sv_length IS NOT DISTINCT FROM a.sv_length
    JOIN (
        SELECT
            unnest($alleles::INTEGER[]) AS allele,
            unnest($strata::VARCHAR[]) AS stratum,
            unnest($homozygotes::BOOLEAN[]) AS has_homozygotes,
            unnest($largest::BOOLEAN[]) AS has_largest
    ) s ON a.allele = s.allele AND t.stratum = s.stratum
)
