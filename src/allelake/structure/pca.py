"""Principal components of standardised genotypes, as `plink2 --pca approx` defines them.

The relationship matrix is Z'Z / sites, with Z the standardised genotypes (sites x people). Its
leading eigenvectors are found in a randomised block Krylov space (Musco and Musco 2015; the
method of FastPCA, Galinsky et al. 2016): a random block, multiplied by the matrix again and
again, all blocks kept orthonormal by QR; within their span the small problem is solved exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allelake.structure.standardised import Standardised

Matrix = NDArray[np.float64]

# Columns of a block beyond twice the components asked for: found sooner, in fewer readings.
_SPARE = 10
_MOST_BLOCKS = 40
# A component is found when the matrix moves it by no more than this share of the first eigenvalue.
SETTLED = 2e-6


@dataclass(frozen=True)
class Components:
    """`scores`: people x components, columns of length 1; `eigenvalues` of the relationship matrix.

    `shares` of its trace; `weights`: sites x components, columns of length 1; `residual`: by how
    much at most a component is moved, as a share of the first eigenvalue.
    """

    scores: Matrix
    eigenvalues: Matrix
    shares: Matrix
    weights: Matrix
    residual: float


def components(
    genotypes: Standardised,
    count: int,
    seed: int = 1,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Components:
    """The first `count` components of the people, at most one less than there are people.

    Signs are such that the largest weight of each component is positive. Memory: the planes, one
    unpacked chunk, and twice people x (2 count + 10) numbers for each block that is needed: 40 at
    most, of which 10 components of 50,000 people need 1 GB.
    """
    values, vectors, residual = _leading(genotypes, count, seed, on_progress)
    trace = sum(
        float(np.square(chunk, dtype=np.float64).sum()) for _, chunk in genotypes.chunks()
    ) / len(genotypes)
    weights = _times(genotypes, vectors)
    weights /= np.sqrt(np.maximum(values, np.finfo(float).tiny) * len(genotypes))
    largest = np.abs(weights).argmax(axis=0)
    signs = np.where(weights[largest, np.arange(count)] < 0, -1.0, 1.0)
    # Of people who are all alike the trace is 0, but for rounding.
    shares = values / trace if trace > 0 else np.zeros(count)
    return Components(vectors * signs, values, shares, weights * signs, residual)


def projected(genotypes: Standardised, weights: Matrix, eigenvalues: Matrix) -> Matrix:
    """Scores of people by stored weights: people x components.

    `genotypes` are centred and scaled by the frequencies that the weights were found with; missing
    ones count as average. For people that the weights were found with these are their scores.
    """
    scores = np.zeros((genotypes.people, weights.shape[1]))
    for own, chunk in genotypes.chunks():
        scores += chunk.T @ weights[own].astype(np.float32)
    scores /= np.sqrt(eigenvalues * len(genotypes))
    return scores


def _times(genotypes: Standardised, vectors: Matrix) -> Matrix:
    """Z times vectors: sites x columns."""
    narrow = vectors.astype(np.float32)
    product = np.empty((len(genotypes), vectors.shape[1]))
    for own, chunk in genotypes.chunks():
        product[own] = chunk @ narrow
    return product


def _related(genotypes: Standardised, vectors: Matrix) -> Matrix:
    """The relationship matrix times vectors: people x columns, in one reading of the genotypes."""
    narrow = vectors.astype(np.float32)
    product = np.zeros_like(vectors)
    for _, chunk in genotypes.chunks():
        # Sums of many thousand sites would lose digits at 32 bits: only those of a chunk have them.
        product += chunk.T @ (chunk @ narrow)
    return product / len(genotypes)


def _leading(
    genotypes: Standardised,
    count: int,
    seed: int,
    on_progress: Callable[[int, int | None], None] | None,
) -> tuple[Matrix, Matrix, float]:
    """Eigenvalues, largest first, their vectors, and the largest residual."""
    people = genotypes.people
    width = min(2 * count + _SPARE, people)
    most = min(people, _MOST_BLOCKS * width)
    # Column by column: what is not reached yet takes no memory.
    basis, image = (np.empty((people, most), order="F") for _ in range(2))
    small = np.zeros((most, most))
    block = np.random.default_rng(seed).standard_normal((people, width))
    done = 0
    for step in range(_MOST_BLOCKS):
        block = _orthonormal(block, basis[:, :done])
        product = _related(genotypes, block)
        after = done + width
        basis[:, done:after], image[:, done:after] = block, product
        small[:after, done:after] = basis[:, :after].T @ product
        # Of a symmetric matrix eigh reads the upper half alone.
        values, inner = np.linalg.eigh(small[:after, :after], UPLO="U")
        values, inner = values[::-1][:count], inner[:, ::-1][:, :count]
        vectors = basis[:, :after] @ inner
        moved = np.linalg.norm(image[:, :after] @ inner - vectors * values, axis=0)
        residual = float(moved.max() / max(values[0], np.finfo(float).tiny))
        if on_progress is not None:
            on_progress(step + 1, None)
        done, width = after, min(width, most - after)
        if residual < SETTLED or width == 0:
            break
        block = product[:, :width]
    return values, vectors, residual


def _orthonormal(block: Matrix, basis: Matrix) -> Matrix:
    """An orthonormal basis of the block, at right angles to `basis`: twice, against rounding."""
    for _ in range(2):
        block = block - basis @ (basis.T @ block)
        block = np.linalg.qr(block)[0]
    return block
