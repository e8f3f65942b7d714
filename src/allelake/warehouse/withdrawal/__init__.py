"""Who leaves a lake: out of every answer at once, by a purge out of every file, with proof."""
