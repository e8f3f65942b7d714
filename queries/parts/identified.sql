-- identified: the variants that an identifier of the ID column names.
--
--   in_name     an identifier, such as 'rs587697622'
--
-- A row for each record of one; none for an identifier that no record has:
--   contig     the contig
--   position   first base of ref, 1-based
--   ref        reference allele
--   alt        alternate allele
--
--   SELECT DISTINCT position FROM identified('rs587697622');

CREATE OR REPLACE MACRO identified(in_name) AS TABLE
-- Equality on `id` alone uses its bloom filter.
SELECT contig, position, ref, alt
FROM asked_sites(NULL)
WHERE id = in_name
UNION ALL
-- Not one scan for either: it would read every identifier.
FROM otherwise_named(in_name);
