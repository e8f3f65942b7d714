"""Files read through once: whole and well-formed, or refused with the reason."""
