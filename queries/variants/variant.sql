-- variant: what does the lake know of one variant, by its place and alleles or by an identifier?
--
--   in_name   22-16050075-A-G (any alias of a contig; also with colons; alleles that are not
--             trimmed are trimmed; 22-100-A-<DEL>), or an identifier such as rs587697622
--
-- One row per variant of that name: identifiers may name several alleles, symbolic alleles several
-- lengths. A place and alleles that no batch has give no row; an identifier nobody knows is an
-- error:
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
--   FROM variant('22-16050075-A-G');

CREATE OR REPLACE MACRO variant(in_name) AS TABLE
-- Only what query_table() names is bound.
WITH place AS MATERIALIZED (
    SELECT
        trimmed_variant(name.position::INTEGER, upper(name.ref), CASE
            WHEN regexp_full_match(name.alt, '[A-Za-z]+') THEN upper(name.alt) ELSE name.alt
        END) AS key
    FROM (
        SELECT regexp_extract(
            in_name,
            '^(.+)[-:]([0-9]{1,9})[-:]([A-Za-z]+)[-:](.+)$',
            ['contig', 'position', 'ref', 'alt']
        ) AS name
    )
),
around AS MATERIALIZED (FROM region_spans(region_in(in_name))),
own_sites AS NOT MATERIALIZED (FROM asked_sites(region_in(in_name))),
placed AS (
    SELECT v.*
    FROM variants_at('around', 'own_sites') v
    SEMI JOIN place p ON v.position = p.key.position AND v.ref = p.key.ref AND v.alt = p.key.alt
),
found AS MATERIALIZED (FROM identified(in_name)),
spots AS MATERIALIZED (
    SELECT spot.contig AS contig, spot.position AS span_start, spot.position AS span_end
    FROM (
        SELECT unnest(coalesce(
            list(DISTINCT {'contig': contig, 'position': position}),
            error(
                'no variant is named ' || quoted_name(in_name) || ': it is no identifier in this '
                || 'lake; a place with alleles is written 22-16050075-A-G'
            )
        )) AS spot
        FROM found
    )
),
named AS (
    SELECT v.*
    FROM variants_at('spots', 'sites') v
    SEMI JOIN found f
        ON v.contig = f.contig AND v.position = f.position AND v.ref = f.ref AND v.alt = f.alt
)
FROM query_table(CASE WHEN region_in(in_name) IS NULL THEN 'named' ELSE 'placed' END);
