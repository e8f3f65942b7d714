-- trimmed_variant: the shortest spelling of a change, as the keys of this lake have it.
--
--   in_position   1-based position of the first base of in_ref
--   in_ref        reference allele
--   in_alt        alternate allele
--
-- A struct of position, ref and alt: equal bases are cut from the end, then from the start, down to
-- one base of each. Symbolic alleles and breakends stay as they are.
--
--   SELECT trimmed_variant(100, 'CAGT', 'CGGT');

CREATE OR REPLACE MACRO trimmed_variant(in_position, in_ref, in_alt) AS (
    SELECT CASE
        WHEN regexp_full_match(in_alt, '[A-Za-z]+') THEN {
            'position': in_position + head,
            'ref': cut_ref[head + 1:],
            'alt': cut_alt[head + 1:]
        }
        ELSE {'position': in_position, 'ref': in_ref, 'alt': in_alt}
    END
    FROM (
        SELECT
            *,
            list_max(list_filter(
                range(least(length(cut_ref), length(cut_alt))),
                lambda k: cut_ref[:k] = cut_alt[:k]
            )) AS head
        FROM (
            SELECT
                left(in_ref, length(in_ref) - tail) AS cut_ref,
                left(in_alt, length(in_alt) - tail) AS cut_alt
            FROM (
                SELECT list_max(list_filter(
                    range(least(length(in_ref), length(in_alt))),
                    lambda k: right(in_ref, k) = right(in_alt, k)
                )) AS tail
            )
        )
    )
);
