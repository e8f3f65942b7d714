"""The report: what a cohort looks like, on one page that needs no network."""
