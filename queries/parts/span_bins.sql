-- span_bins: the bins of `callable` that may hold intervals which touch a span.
--
--   in_first    first base of the span, 1-based
--   in_last     last base, included
--
-- reg2bins of the SAM specification: six levels, 16,384 bases at the lowest.
--
--   SELECT span_bins(16050075, 16050075);

CREATE OR REPLACE MACRO span_bins(in_first, in_last) AS (
    [0]
    || range(1 + ((in_first - 1) >> 26), 2 + ((in_last - 1) >> 26))
    || range(9 + ((in_first - 1) >> 23), 10 + ((in_last - 1) >> 23))
    || range(73 + ((in_first - 1) >> 20), 74 + ((in_last - 1) >> 20))
    || range(585 + ((in_first - 1) >> 17), 586 + ((in_last - 1) >> 17))
    || range(4681 + ((in_first - 1) >> 14), 4682 + ((in_last - 1) >> 14))
);
