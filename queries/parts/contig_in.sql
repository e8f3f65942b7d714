-- contig_in: the contig in a variant's name as it is written there; NULL in an identifier.
--
--   in_name    such as 22-16050075-A-G or rs587697622
--
--   SELECT contig_in('22-16050075-A-G');

CREATE OR REPLACE MACRO contig_in(in_name) AS
    nullif(regexp_extract(in_name, '^(.+)[-:][0-9]{1,9}[-:][A-Za-z]+[-:].+$', 1), '');
