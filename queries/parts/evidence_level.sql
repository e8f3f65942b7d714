-- evidence_level: which bit of `callable.policies`, and which two of `calls.covered`, a question
-- asks.
--
--   in_policy     'raw', 'raw_blocks' or 'adj@1'
--   in_filter     'any' or 'pass'
--   in_treated    what treatment() says: as_called, haploid, missing or unknown
--
-- 0 to 7, as LAYOUT.md numbers the levels.
--
--   SELECT evidence_level('adj@1', 'pass', 'haploid');

CREATE OR REPLACE MACRO evidence_level(in_policy, in_filter, in_treated) AS
    CASE in_policy
        WHEN 'raw' THEN 0
        WHEN 'raw_blocks' THEN 1
        ELSE CASE in_treated WHEN 'haploid' THEN 3 ELSE 2 END
    END
    + CASE in_filter WHEN 'pass' THEN 4 ELSE 0 END;
