"""`compiled` under the name that reading and encoding use; structure shares it."""

from allelake.compiled import compiled as compiled
