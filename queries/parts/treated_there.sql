-- treated_there: how a sample's genotypes count in a piece.
--
--   in_sex      'XX', 'XY' or NULL
--   in_xx       `treated_xx` of the piece, as asked_pieces() has it
--   in_xy       `treated_xy`
--   in_none     `treated_none`
--   in_ploidy   'as_called' or 'by_sex'
--
-- as_called, haploid, missing or unknown.
--
--   SELECT treated_there('XY', 'as_called', 'haploid', 'unknown', 'by_sex');

CREATE OR REPLACE MACRO treated_there(in_sex, in_xx, in_xy, in_none, in_ploidy) AS CASE
    -- Known when the question is planned, and most expressions over it then fall away.
    WHEN in_ploidy = 'as_called' THEN 'as_called'
    WHEN in_sex = 'XX' THEN in_xx
    WHEN in_sex = 'XY' THEN in_xy
    ELSE in_none
END;
