-- asked_spans: the regions of a question as disjoint spans of the lake's contigs.
--
--   in_region    NULL (everything), a region as text, or a list of such texts: chr22, chr22:16050075,
--                22:16,050,000-16,060,000, NC_000022.11:100- (any alias of a contig)
--
-- One row per span. A contig nobody knows, position 0, an end before its start and a region beyond
-- the contig's end are errors:
--   contig       the contig, as the lake names it
--   span_start   first base, 1-based
--   span_end     last base, included
--
--   FROM asked_spans(['chr22:16,050,000-16,060,000', 'X']);

CREATE OR REPLACE MACRO asked_spans(in_region) AS TABLE
WITH aliases AS MATERIALIZED (
    SELECT
        contig,
        length_bp,
        unnest(list_distinct(list_append(aliases, contig))) AS alias
    FROM contigs
),
parsed AS (
    SELECT
        name,
        regexp_extract(
            name, '^(.+):([0-9][0-9,_]*)(-?)([0-9,_]*)$', ['contig', 'low', 'dash', 'high']
        ) AS part
    FROM (
        SELECT unnest(CASE
            WHEN in_region IS NULL THEN (SELECT list(contig) FROM contigs)
            WHEN len(try_cast(in_region AS VARCHAR[])) = 0
                THEN error('the list of regions is empty; NULL asks for everything')
            ELSE coalesce(try_cast(in_region AS VARCHAR[]), [in_region::VARCHAR])
        END) AS name
    )
),
-- A contig may itself hold ':' (HLA-A*01:01:01:01): a whole name counts before a span.
located AS (
    SELECT
        p.name,
        coalesce(nullif(p.part.contig, ''), p.name) AS contig_name,
        coalesce(whole.contig, spanned.contig) AS contig,
        coalesce(whole.length_bp, spanned.length_bp) AS length_bp,
        CASE WHEN whole.contig IS NULL THEN span_number(p.part.low) ELSE 1 END AS low,
        CASE
            WHEN whole.contig IS NOT NULL THEN whole.length_bp
            WHEN p.part.dash = '' THEN span_number(p.part.low)
            WHEN p.part.high = '' THEN spanned.length_bp
            ELSE span_number(p.part.high)
        END AS high
    FROM parsed p
    LEFT JOIN aliases whole ON p.name = whole.alias
    LEFT JOIN aliases spanned ON p.part.contig = spanned.alias
),
checked AS (
    SELECT
        CASE
            WHEN name IS NULL THEN error('a region in the list is NULL')
            WHEN contig IS NULL THEN error(
                'region ''' || name || ''': '
                || no_such('contig', contig_name, (SELECT list(alias) FROM aliases))
                || '. Write chr22:16,050,000-16,060,000, chr22:16050075 or chr22'
            )
            WHEN low IS NULL OR high IS NULL
                THEN error('region ''' || name || ''': its positions are no numbers')
            WHEN low < 1 THEN error('region ''' || name || ''': positions start at 1')
            WHEN low > high AND low <= length_bp
                THEN error('region ''' || name || ''' ends before it starts')
            WHEN greatest(low, high) > length_bp THEN error(
                'region ''' || name || ''' goes beyond the end of ' || contig || ' at '
                || length_bp
            )
            ELSE contig
        END AS contig,
        low,
        high
    FROM located
),
-- Where regions overlap the later one loses the overlap: a variant must not be met twice.
disjoint AS (
    SELECT
        contig,
        greatest(
            low,
            coalesce(1 + max(high) OVER (
                PARTITION BY contig ORDER BY low, high
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 1)
        )::INTEGER AS span_start,
        high::INTEGER AS span_end
    FROM checked
)
SELECT contig, span_start, span_end
FROM disjoint
WHERE span_start <= span_end;
