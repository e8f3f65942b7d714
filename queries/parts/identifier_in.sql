-- identifier_in: a variant's name if it is an identifier; NULL if it is a place with alleles.
--
--   in_name    such as rs587697622 or 22-16050075-A-G
--
--   SELECT identifier_in('rs587697622');

CREATE OR REPLACE MACRO identifier_in(in_name) AS CASE
    WHEN NOT regexp_full_match(in_name, '.+[-:][0-9]{1,9}[-:][A-Za-z]+[-:].+') THEN in_name
END;
