-- checked_attribute: the name of an attribute of samples, known to exist.
--
--   in_attribute   'sex', 'batch' or a column of imported metadata
--
-- One row; a name that no attribute bears is an error that says the nearest:
--   attribute      the attribute's name
--
--   FROM checked_attribute('sex');

CREATE OR REPLACE MACRO checked_attribute(in_attribute) AS TABLE
SELECT
    coalesce(
        max(attribute) FILTER (attribute = in_attribute),
        error(
            'no attribute of samples is named ' || quoted_name(in_attribute)
            || coalesce(
                '; the nearest is ' || quoted_name(
                    arg_min(attribute, levenshtein(lower(attribute), lower(in_attribute)))
                ),
                ''
            )
        )
    ) AS attribute
FROM attributes;
