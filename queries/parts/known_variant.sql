-- known_variant: the variants of the lake that one name names; one at least.
--
--   in_name   22-16050075-A-G or an identifier, as `variant` takes them
--
-- One row per variant of that name; a place and alleles that no batch has are an error that says
-- the nearest:
--   contig         the contig, as the lake's assembly names it
--   position       first base of ref, 1-based
--   ref            reference allele
--   alt            alternate allele
--   end_position   last base of the variant, 1-based
--   sv_length      SVLEN of a symbolic allele; NULL otherwise
--
--   FROM known_variant('22-16050075-A-G');

CREATE OR REPLACE MACRO known_variant(in_name) AS TABLE
WITH found AS MATERIALIZED (
    SELECT contig, position, ref, alt, end_position, sv_length FROM variant(in_name)
),
place AS (
    SELECT c.contig, n.part.position::INTEGER AS position, n.part.alt AS alt
    FROM (
        SELECT regexp_extract(
            in_name,
            '^(.+)[-:]([0-9]{1,9})[-:]([A-Za-z]+)[-:](.+)$',
            ['contig', 'position', 'ref', 'alt']
        ) AS part
    ) n
    JOIN (SELECT contig, unnest(list_append(aliases, contig)) AS name FROM contigs) c
        ON n.part.contig = c.name
    -- Only for a message is the neighbourhood read.
    WHERE NOT EXISTS (FROM found)
),
nearest AS (
    SELECT
        count(*) AS neighbours,
        arg_min(
            format('{}-{}-{}-{}', s.contig, s.position, s.ref, s.alt),
            (abs(s.position - p.position), levenshtein(s.alt, p.alt), s.alt)
        ) AS name
    FROM (SELECT *, unnest(range((position >> 14) - 1, (position >> 14) + 2)) AS bin FROM place) p
    JOIN sites s ON s.contig = p.contig AND s.bin = p.bin
)
FROM found
UNION ALL
SELECT
    error(
        'the lake has no variant ' || quoted_name(in_name)
        || CASE WHEN neighbours > 0 THEN '; the nearest is ' || quoted_name(name) ELSE '' END
        || '. Write contig-position-ref-alt as the lake keeps it (trimmed), such as '
        || '22-16050075-A-G, or an identifier of the ID column'
    ),
    neighbours::INTEGER, name, name, neighbours::INTEGER, neighbours::INTEGER
FROM nearest
WHERE NOT EXISTS (FROM found);
