-- span_number: a position as people write it, with commas or underscores between thousands.
--
--   in_digits    the text; what is no number gives NULL
--
--   SELECT span_number('16,050,000');

CREATE OR REPLACE MACRO span_number(in_digits) AS
    try_cast(translate(in_digits, ',_', '') AS BIGINT);
