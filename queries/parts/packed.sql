-- packed: two counts in one number, to be summed as one.
--
--   in_first    a count, or what is to be taken from one: below 2**31
--   in_second   another, likewise
--
-- A sum of such numbers holds both sums, which first_packed() and second_packed() tell: the row of
-- a hash table is as wide as all its sums, and each of them is a write to memory that no cache
-- holds.
--
--   SELECT packed(3, -1) + packed(4, 2);

CREATE OR REPLACE MACRO packed(in_first, in_second) AS
    in_first + 4294967296::BIGINT * in_second;
