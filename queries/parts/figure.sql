-- figure: one row of a summary.
--
--   in_section    what it belongs to
--   in_item       what is counted
--   in_value      the number
--   in_note       what exactly it counts
--
-- A struct of section, item, value (DOUBLE) and note.
--
--   SELECT figure('people', 'samples', 12, 'members of the cohort');

CREATE OR REPLACE MACRO figure(in_section, in_item, in_value, in_note) AS {
    'section': in_section, 'item': in_item, 'value': in_value::DOUBLE, 'note': in_note
};
