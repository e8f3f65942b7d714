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
WITH place AS MATERIALIZED (
    SELECT
        name.contig AS contig,
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
    WHERE name.position <> ''
),
-- Equality on `id` alone uses its bloom filter.
named AS (
    SELECT contig, position, ref, alt FROM asked_sites(contig_in(in_name))
    WHERE id = identifier_in(in_name)
    UNION ALL
    SELECT contig, position, ref, alt FROM asked_sites(contig_in(in_name))
    WHERE list_contains(other_ids, identifier_in(in_name))
),
found AS MATERIALIZED (
    SELECT contig || ':' || key.position AS region, NULL AS contig, key.* FROM place
    UNION ALL
    SELECT contig || ':' || position, contig, position, ref, alt
    FROM named
)
SELECT v.*
FROM variants_at((
    SELECT coalesce(
        list(DISTINCT region),
        error(
            'no variant is named ' || quoted_name(in_name)
            || ': it is no identifier in this lake; a place with alleles is written 22-16050075-A-G'
        )
    ) FROM found
), contig_in(in_name)) v
SEMI JOIN found f
    ON v.position = f.position
    AND v.ref = f.ref
    AND v.alt = f.alt
    -- The contig of a place may be an alias; then only that contig's region was read.
    AND v.contig = coalesce(f.contig, v.contig);
