-- asked_spans: the regions of a question as disjoint spans of the lake's contigs.
--
--   in_region      NULL (everything), a region as text, or a list of such texts: chr22,
--                  22:16,050,000-16,060,000, NC_000022.11:16050075, chr22:16050075- (any alias of a
--                  contig)
--
-- One row per span. A contig nobody knows, position 0, an end before its start and a region beyond
-- the contig's end are errors:
--   contig         the contig, as the lake names it
--   contig_order   its place in the assembly
--   span_start     first base, 1-based
--   span_end       last base, included
--
--   FROM asked_spans(['22:16,050,000-16,060,000', 'X']);

CREATE OR REPLACE MACRO asked_spans(in_region) AS TABLE
-- Contigs are looked up in lists on one row: in a small question each join costs more to plan than
-- to run.
WITH parsed AS (
    SELECT
        *,
        regexp_extract(
            name, '^(.+):([0-9][0-9,_]*)(-?)([0-9,_]*)$', ['contig', 'low', 'dash', 'high']
        ) AS part,
        -- A contig may itself hold ':' (HLA-A*01:01:01:01): a whole name counts before a span.
        list_position(names, name) AS whole
    FROM (
        SELECT
            *,
            unnest(CASE
                WHEN asked IS NULL THEN kept
                WHEN len(try_cast(asked AS VARCHAR[])) = 0
                    THEN error('the list of regions is empty; NULL asks for everything')
                ELSE coalesce(try_cast(asked AS VARCHAR[]), [asked::VARCHAR])
            END) AS name
        FROM (
            SELECT
                list(name) AS names,
                list(contig) AS contigs,
                list(length_bp) AS lengths,
                list(contig_order) AS orders,
                -- Not once for each use, so that a subquery as argument does not run each time.
                any_value(in_region) AS asked
            FROM (SELECT *, unnest(list_append(aliases, contig)) AS name FROM contigs)
        )
        -- Without a record a contig would only add its bins: 190,000 in a human genome.
        CROSS JOIN (
            SELECT list(DISTINCT contig) AS kept
            FROM (SELECT unnest(contigs) AS contig FROM batches WHERE in_region IS NULL)
        )
    )
),
located AS (
    SELECT
        name,
        names,
        coalesce(nullif(part.contig, ''), name) AS contig_name,
        contigs[place] AS contig,
        orders[place] AS contig_order,
        lengths[place] AS length_bp,
        CASE WHEN whole IS NULL THEN span_number(part.low) ELSE 1 END AS low,
        CASE
            WHEN whole IS NULL AND part.dash = '' THEN span_number(part.low)
            WHEN whole IS NULL AND part.high <> '' THEN span_number(part.high)
            ELSE lengths[place]
        END AS high
    FROM (SELECT *, coalesce(whole, list_position(names, part.contig)) AS place FROM parsed)
),
checked AS (
    SELECT
        CASE
            WHEN low >= 1 AND low <= high AND high <= length_bp THEN contig
            ELSE error(
                'region ' || quoted_name(name) || ' '
                || CASE
                    WHEN name IS NULL THEN 'in a list is no region'
                    WHEN contig IS NULL
                        THEN 'names a contig that this lake has not; the nearest is '
                        || list_min(list_transform(names, lambda known: {
                            'distance': levenshtein(known, contig_name), 'name': known
                        })).name
                        || '. Write chr22:16,050,000-16,060,000, chr22:16050075 or chr22'
                    WHEN low IS NULL OR high IS NULL THEN 'has positions that are no numbers'
                    WHEN low < 1 THEN 'starts before position 1'
                    WHEN low > high AND low <= length_bp THEN 'ends before it starts'
                    ELSE 'goes beyond the end of ' || contig || ' at ' || length_bp
                END
            )
        END AS contig,
        contig_order,
        low,
        high
    FROM located
),
-- Where regions overlap the later one loses the overlap: no variant may be met twice.
disjoint AS (
    SELECT
        contig,
        contig_order,
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
SELECT contig, contig_order, span_start, span_end
FROM disjoint
WHERE span_start <= span_end;
