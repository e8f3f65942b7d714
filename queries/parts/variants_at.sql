-- variants_at: the variants of some spans.
--
--   in_spans   name of a relation of disjoint spans: contig, span_start, span_end
--   in_sites   name of a relation: the rows of sites of their contigs at least
--
-- One row per variant, as variants_in() has them:
--   contig         the contig, as the lake's assembly names it
--   position       first base of ref, 1-based
--   ref            reference allele
--   alt            alternate allele
--   kind           snv, mnv, insertion, deletion, symbolic or breakend
--   ids            identifiers in any batch, sorted and joined by ;; NULL where there is none
--   filters        PASS, . (not filtered) or the filters failed; joined by | where they differ
--   batches        how many batches have a record of it
--   end_position   last base of the variant, 1-based
--   sv_length      SVLEN of a symbolic allele; NULL otherwise
--   sv_type        kind of a symbolic allele or breakend: DEL, DUP, BND ...; NULL otherwise
--
--   FROM variants_at('spans', 'sites') WHERE kind = 'snv';

CREATE OR REPLACE MACRO variants_at(in_spans, in_sites) AS TABLE
WITH asked AS MATERIALIZED (
    SELECT
        contig, span_start, span_end,
        unnest(range(span_start >> 14, (span_end >> 14) + 1))::INTEGER AS bin
    FROM query_table(in_spans)
)
SELECT
    contig,
    position,
    ref,
    alt,
    variant_kind(ref, alt) AS kind,
    CASE
        WHEN count(other_ids) = 0 AND (count(id) = 0 OR min(id) = max(id)) THEN min(id)
        ELSE array_to_string(
            list_sort(list_distinct(
                coalesce(list(id) FILTER (id IS NOT NULL), [])
                || coalesce(flatten(list(other_ids) FILTER (other_ids IS NOT NULL)), [])
            )),
            ';'
        )
    END AS ids,
    filters_text(
        bit_or(CASE WHEN filters IS NULL THEN 2 WHEN len(filters) = 0 THEN 1 ELSE 4 END),
        list(array_to_string(filters, ';')) FILTER (len(filters) > 0)
    ) AS filters,
    count(*) AS batches,
    end_position,
    sv_length,
    any_value(sv_type) AS sv_type
FROM query_table(in_sites) s
SEMI JOIN asked r
    ON s.contig = r.contig
    AND s.bin = r.bin
    AND s.position BETWEEN r.span_start AND r.span_end
GROUP BY contig, position, ref, alt, end_position, sv_length
-- Without this branch a wrong region would go unseen in a lake without variants. It gives no row;
-- no column is a constant, or a filter on it would take the branch away.
UNION ALL
SELECT
    contig, try_cast(contig AS INTEGER), contig, contig, contig, contig, contig,
    try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), try_cast(contig AS INTEGER), contig
FROM query_table(in_spans)
WHERE contig IS NULL;
