-- first_packed: the sum of the first counts in a sum of packed() numbers.
--
--   in_packed   the sum, or one such number
--
-- Within 2**31 - 1 either way: as many alleles have a thousand million people.
--
--   SELECT first_packed(packed(3, -1) + packed(4, 2));

CREATE OR REPLACE MACRO first_packed(in_packed) AS
    ((in_packed + 2147483648) & 4294967295) - 2147483648;
