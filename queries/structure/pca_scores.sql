-- pca_scores: where does each person of a cohort lie along the principal components?
--
--   in_cohort   the cohort whose components were computed; an error where they were not
--   in_kind     'pca', or 'projection' for people projected onto the components of others
--
-- One row per sample in the stored components (`allelake structure pca`) of the cohort:
--   sample_id       the sample
--   participant_id  the person
--   sex             'XX', 'XY' or NULL
--   batch           the batch
--   pc1             score along the first component; NULL where none of the sites is called
--   pc2             along the second
--   pc3             along the third; NULL beyond those that were computed
--   pc4             along the fourth
--   pc5             along the fifth
--   pc6             along the sixth
--   pc7             along the seventh
--   pc8             along the eighth
--   pc9             along the ninth
--   pc10            along the tenth; the table principal_components has further ones
--   is_projected    whether the sample was projected onto components that were found without it
--   known_share     share of the sites that are called in the sample
--   sample_number   number of the sample, to join attributes
--   snapshot        the snapshot that it says
--   stale_reason    why it does not hold any more; NULL where it does
--
--   FROM pca_scores('all') ORDER BY pc1;

CREATE OR REPLACE MACRO pca_scores(in_cohort, in_kind := 'pca') AS TABLE
WITH asked AS MATERIALIZED (FROM stored_result(in_kind, in_cohort, 'allelake structure pca')),
wide AS (
    SELECT
        p.sample_number,
        a.snapshot,
        a.stale_reason,
        max(p.score) FILTER (p.component = 1) AS pc1,
        max(p.score) FILTER (p.component = 2) AS pc2,
        max(p.score) FILTER (p.component = 3) AS pc3,
        max(p.score) FILTER (p.component = 4) AS pc4,
        max(p.score) FILTER (p.component = 5) AS pc5,
        max(p.score) FILTER (p.component = 6) AS pc6,
        max(p.score) FILTER (p.component = 7) AS pc7,
        max(p.score) FILTER (p.component = 8) AS pc8,
        max(p.score) FILTER (p.component = 9) AS pc9,
        max(p.score) FILTER (p.component = 10) AS pc10,
        bool_or(p.is_projected) AS is_projected,
        max(p.known_share) AS known_share
    FROM principal_components p
    JOIN asked a ON p.result = a.result AND a.is_fit
    GROUP BY p.sample_number, a.snapshot, a.stale_reason
)
SELECT
    s.sample_id, s.participant_id, s.sex, s.batch,
    w.pc1, w.pc2, w.pc3, w.pc4, w.pc5, w.pc6, w.pc7, w.pc8, w.pc9, w.pc10,
    w.is_projected, w.known_share, w.sample_number, w.snapshot, w.stale_reason
FROM wide w
JOIN samples s ON w.sample_number = s.sample_number
UNION ALL BY NAME
-- Stays where no component is stored at all, so that the error is raised there too.
SELECT snapshot FROM asked WHERE NOT is_fit;
