-- no_otherwise_named: what otherwise_named() gives in a lake where no record has two identifiers.
--
-- No row, with the columns:
--   contig     the contig, as the lake's assembly names it
--   position   first base of ref, 1-based
--   ref        reference allele
--   alt        alternate allele
--
--   FROM no_otherwise_named() WHERE contig = '22';

CREATE OR REPLACE MACRO no_otherwise_named() AS TABLE
SELECT ''::VARCHAR AS contig, 0::INTEGER AS position, ''::VARCHAR AS ref, ''::VARCHAR AS alt
WHERE false;
