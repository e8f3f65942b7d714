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
    WHEN 3 THEN '.|PASS'
    -- Constants for what did not fail: each function costs a small question time.
    ELSE list_aggregate(
        list_sort(list_distinct(
            in_failed || [[]::VARCHAR[], ['PASS'], ['.'], ['.', 'PASS']][in_kinds - 3]
        )),
        'string_agg',
        '|'
    )
END;
