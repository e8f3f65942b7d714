-- no_such: the message for a name that nothing bears, with the nearest name that something does.
--
--   in_kind    what was looked for, such as 'cohort'
--   in_name    the name that was not found, or NULL
--   in_known   a list of the names that exist
--
--   SELECT no_such('cohort', 'noth', ['north', 'south']);

CREATE OR REPLACE MACRO no_such(in_kind, in_name, in_known) AS
    'no ' || in_kind || ' is named ' || coalesce('''' || in_name || '''', 'NULL')
    || coalesce(
        '; the nearest is ''' || list_min(list_transform(
            list_filter(in_known, lambda known: in_name IS NOT NULL AND known IS NOT NULL),
            lambda known: {
                'distance': levenshtein(lower(known), lower(in_name::VARCHAR)),
                'known': known
            }
        )).known || '''',
        ''
    );
