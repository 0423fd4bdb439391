"""Correlated standard normal scores: a Gaussian copula given by Spearman correlations."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from interlocal.numerics.distributions import Floats
from interlocal.problems import InputError, Problem

_NEGATIVE_EIGENVALUE = -1e-9


def normal_correlation(rank_correlation: float) -> float:
    """Return the correlation of normal scores that gives this Spearman correlation: 2 sin(π ρ / 6).

    Pearson (1907), "On further methods of determining correlation".
    """
    if not -1 <= rank_correlation <= 1:
        raise ValueError(f"a rank correlation lies between -1 and 1, not at {rank_correlation:g}")
    return 2 * math.sin(math.pi * rank_correlation / 6)


def copula_factor(rank_correlations: ArrayLike, names: Sequence[str] | None = None) -> Floats:
    """Return the lower triangle L whose product L Lᵀ is the matrix of correlations between normal scores.

    Parameters
    ----------
    rank_correlations : (inputs, inputs) array
        Spearman correlations: symmetric, ones on the diagonal.
    names : sequence of str, optional
        The inputs, for messages.

    Raises
    ------
    InputError
        When no set of inputs can be correlated like that; it names the pair that is furthest from possible.

    """
    ranks = np.atleast_2d(np.asarray(rank_correlations, dtype=np.float64))
    labels = list(names) if names is not None else [f"input {i + 1}" for i in range(len(ranks))]
    _require_correlations(ranks, labels)
    matrix = 2 * np.sin(np.pi * ranks / 6)
    np.fill_diagonal(matrix, 1.0)
    eigenvalues, vectors = np.linalg.eigh(matrix)
    if eigenvalues[0] < _NEGATIVE_EIGENVALUE:
        raise InputError(_contradiction(ranks, vectors * np.maximum(eigenvalues, 0) @ vectors.T, labels))
    return _cholesky(matrix)


def correlated_normals(factor: Floats, rng: np.random.Generator, size: int) -> Floats:
    """Return standard normal scores (inputs, size) correlated by ``factor`` from `copula_factor`."""
    independent = rng.standard_normal((len(factor), size))
    scores = np.zeros_like(independent)
    # One product after the other: a threaded matrix product may sum in another order on another machine.
    for row, column in np.argwhere(factor):
        scores[row] += factor[row, column] * independent[column]
    return scores


def _require_correlations(ranks: Floats, labels: Sequence[str]) -> None:
    shape = (len(labels), len(labels))
    if ranks.shape != shape:
        raise ValueError(f"{len(labels)} inputs need a matrix of shape {shape}, not {ranks.shape}")
    problems = [
        Problem(
            path=f"/{i}/{j}",
            where=f"correlation of {labels[i]} with {labels[j]}",
            found=f"{ranks[i, j]:g}" + (f" one way and {ranks[j, i]:g} the other" if i != j else ""),
            expected="1" if i == j else "one number between -1 and 1",
            fix="Correct the number.",
        )
        for i in range(len(ranks))
        for j in range(i + 1)
        if not (ranks[i, j] == ranks[j, i] and abs(ranks[i, j]) <= 1 and (i != j or ranks[i, j] == 1))
    ]
    if problems:
        raise InputError(problems)


def _contradiction(ranks: Floats, possible: Floats, labels: Sequence[str]) -> Problem:
    """Say which pair is furthest from the nearest possible matrix (negative eigenvalues cut off and rescaled)."""
    scale = np.sqrt(np.diag(possible))
    nearest = 6 / np.pi * np.arcsin(np.clip(possible / np.outer(scale, scale), -1, 1) / 2)
    i, j = sorted(divmod(int(np.argmax(np.abs(nearest - ranks))), len(ranks)))
    return Problem(
        path=f"/{i}/{j}",
        where=f"correlation of {labels[i]} with {labels[j]}",
        found=f"{ranks[i, j]:g}, which contradicts the other correlations",
        expected=f"correlations that can hold together, such as {nearest[i, j]:.2f} for this pair",
        fix="Bring the correlations of these inputs nearer to each other or to 0.",
    )


def _cholesky(matrix: Floats) -> Floats:
    """Return the lower factor; unlike LAPACK's it accepts inputs that others determine wholly."""
    factor = np.zeros_like(matrix)
    for j in range(len(matrix)):
        pivot = matrix[j, j] - factor[j, :j] @ factor[j, :j]
        if pivot > -_NEGATIVE_EIGENVALUE:
            factor[j, j] = math.sqrt(pivot)
            factor[j + 1 :, j] = (matrix[j + 1 :, j] - factor[j + 1 :, :j] @ factor[j, :j]) / factor[j, j]
    return factor
