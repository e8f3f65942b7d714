-- quoted_name: a name in single quotes, for messages; NULL as NULL.
--
--   in_name    any text
--
--   SELECT quoted_name('north');

CREATE OR REPLACE MACRO quoted_name(in_name) AS coalesce('''' || in_name || '''', 'NULL');
