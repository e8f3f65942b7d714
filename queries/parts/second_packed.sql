-- second_packed: the sum of the second counts in a sum of packed() numbers.
--
--   in_packed   the sum, or one such number
--
-- Within 2**31 - 1 either way: what borrows from it where the first is negative is given back.
--
--   SELECT second_packed(packed(3, -1) + packed(4, 2));

CREATE OR REPLACE MACRO second_packed(in_packed) AS (in_packed + 2147483648) >> 32;
