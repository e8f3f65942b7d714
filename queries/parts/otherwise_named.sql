-- otherwise_named: the variants that have an identifier behind the first one of their ID column.
--
--   in_name   an identifier
--
-- A row for each record of one:
--   contig     the contig, as the lake's assembly names it
--   position   first base of ref, 1-based
--   ref        reference allele
--   alt        alternate allele
--
--   FROM otherwise_named('rs587697622') WHERE contig = '22';

CREATE OR REPLACE MACRO otherwise_named(in_name) AS TABLE
SELECT contig, position, ref, alt
FROM asked_sites(NULL)
WHERE list_contains(other_ids, in_name);
