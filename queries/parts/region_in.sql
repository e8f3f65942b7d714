-- region_in: where a variant lies whose name says it; NULL for an identifier.
--
--   in_name    such as 22-16050075-A-G or rs587697622
--
-- A region as questions take it, over all of ref: trimmed, the variant may begin later than said.
--
--   SELECT region_in('22-16050075-AT-AG');

CREATE OR REPLACE MACRO region_in(in_name) AS CASE
    WHEN regexp_full_match(in_name, '.+[-:][0-9]{1,9}[-:][A-Za-z]+[-:].+') THEN list_transform(
        [regexp_extract(
            in_name, '^(.+)[-:]([0-9]{1,9})[-:]([A-Za-z]+)[-:](.+)$',
            ['contig', 'position', 'ref', 'alt']
        )],
        lambda part: struct_extract(part, 'contig') || ':' || struct_extract(part, 'position')
        || CASE
            WHEN length(struct_extract(part, 'ref')) > 1 THEN '-' || (
                struct_extract(part, 'position')::BIGINT + length(struct_extract(part, 'ref')) - 1
            )
            ELSE ''
        END
    )[1]
END;
