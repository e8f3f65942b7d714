-- known_groups: whether each value to be left out is one that somebody has.
--
--   in_attribute   an attribute of samples
--   in_left_out    list of its values
--
-- One row; a value that nobody has is an error that names it:
--   is_fit         true
--
--   FROM known_groups('sex', ['XX']);

CREATE OR REPLACE MACRO known_groups(in_attribute, in_left_out) AS TABLE
SELECT
    CASE
        WHEN bool_and(is_known) THEN true
        ELSE error(
            'no sample has the value ' || quoted_name(min(value) FILTER (NOT is_known))
            || ', so that there is no such group to leave out'
        )
    END AS is_fit
FROM (
    SELECT
        value,
        value IS NULL OR value IN (
            SELECT a.value FROM sample_attributes a
            WHERE a.attribute = in_attribute AND a.value IS NOT NULL
        ) AS is_known
    FROM (SELECT unnest(list_append(in_left_out::VARCHAR[], NULL)) AS value)
);
