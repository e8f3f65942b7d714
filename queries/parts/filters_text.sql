-- filters_text: what the records of a variant say of filters, as one text.
--
--   in_kinds    sum of 1 (a record passed), 2 (one was not filtered), 4 (one failed)
--   in_failed   list of the filters of the records that failed, each joined by ';'
--
-- Batches that disagree are joined by '|', sorted: 'LowQual|PASS'.
--
--   SELECT filters_text(5, ['LowQual']);

CREATE OR REPLACE MACRO filters_text(in_kinds, in_failed) AS CASE in_kinds
    WHEN 1 THEN 'PASS'
    WHEN 2 THEN '.'
    ELSE array_to_string(
        list_sort(list_distinct(
            coalesce(in_failed, [])
            || CASE WHEN in_kinds & 1 = 1 THEN ['PASS'] ELSE [] END
            || CASE WHEN in_kinds & 2 = 2 THEN ['.'] ELSE [] END
        )),
        '|'
    )
END;
